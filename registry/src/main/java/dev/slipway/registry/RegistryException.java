package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import java.util.Locale;
import java.util.Map;

/** A request that the registry answers with an error; codes begin with {@code registry.}. */
public final class RegistryException extends CodedException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String distributionCode;
    private final transient Map<String, String> headers;

    private RegistryException(
            ErrorKind kind, int status, String distributionCode, String message, Map<String, String> headers) {
        super("registry." + distributionCode.toLowerCase(Locale.ROOT).replace('_', '-'), kind, message, "", null);
        this.status = status;
        this.distributionCode = distributionCode;
        this.headers = Map.copyOf(headers);
    }

    /** The request itself is wrong. */
    public static RegistryException badRequest(String distributionCode, String message) {
        return new RegistryException(ErrorKind.INVALID, 400, distributionCode, message, Map.of());
    }

    /** What was asked for is not here. */
    public static RegistryException unknown(String distributionCode, String message) {
        return new RegistryException(ErrorKind.NOT_FOUND, 404, distributionCode, message, Map.of());
    }

    /** The registry does not do this. */
    public static RegistryException unsupported(String message) {
        return new RegistryException(ErrorKind.INVALID, 405, "UNSUPPORTED", message, Map.of());
    }

    /** Nobody is known to ask, and somebody must be. */
    public static RegistryException unauthorized(String message, String challenge) {
        return new RegistryException(
                ErrorKind.DENIED, 401, "UNAUTHORIZED", message, Map.of("WWW-Authenticate", challenge));
    }

    /** Who asks may not do this. */
    public static RegistryException denied(String message) {
        return new RegistryException(ErrorKind.DENIED, 403, "DENIED", message, Map.of());
    }

    /** Too much at once; the same request may be answered in a second. */
    public static RegistryException tooMany(String message) {
        return new RegistryException(ErrorKind.CONFLICT, 429, "TOOMANYREQUESTS", message, Map.of("Retry-After", "1"));
    }

    /** More bytes than are taken. */
    public static RegistryException tooLarge(String message) {
        return new RegistryException(ErrorKind.INVALID, 413, "SIZE_INVALID", message, Map.of("Connection", "close"));
    }

    /** More names than are taken in one request. */
    public static RegistryException tooLong(String message) {
        return new RegistryException(ErrorKind.INVALID, 414, "UNSUPPORTED", message, Map.of());
    }

    /** The client stopped sending in the middle. */
    public static RegistryException timeout(String message) {
        return new RegistryException(
                ErrorKind.UNREACHABLE, 408, "BLOB_UPLOAD_INVALID", message, Map.of("Connection", "close"));
    }

    /** A chunk that does not begin where the upload stands, or a range outside of a blob. */
    public static RegistryException outOfRange(String distributionCode, String message, Map<String, String> headers) {
        return new RegistryException(ErrorKind.INVALID, 416, distributionCode, message, headers);
    }

    /** An upstream registry does not answer. */
    public static RegistryException upstreamGone(String message) {
        return new RegistryException(ErrorKind.UNREACHABLE, 502, "UNAVAILABLE", message, Map.of());
    }

    /** What went wrong below; whose paths and words are for the log, not for the client. */
    static RegistryException failed(CodedException failure, int status) {
        String message = failure.kind() == ErrorKind.EXHAUSTED
                ? "The registry has no room for this."
                : "The registry failed to answer.";
        return new RegistryException(failure.kind(), Math.max(status, 500), "UNKNOWN", message, Map.of());
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }

    /** The code of the OCI distribution-spec, such as {@code MANIFEST_UNKNOWN}. */
    public String distributionCode() {
        return distributionCode;
    }

    /** What the answer's head says beside that. */
    public Map<String, String> headers() {
        return headers;
    }
}
