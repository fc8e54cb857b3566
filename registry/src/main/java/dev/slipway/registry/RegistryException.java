package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import java.util.Locale;

/** A request that the registry answers with an error; codes begin with {@code registry.}. */
public final class RegistryException extends CodedException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String distributionCode;

    private RegistryException(ErrorKind kind, int status, String distributionCode, String message) {
        super("registry." + distributionCode.toLowerCase(Locale.ROOT).replace('_', '-'), kind, message, "", null);
        this.status = status;
        this.distributionCode = distributionCode;
    }

    static RegistryException badRequest(String distributionCode, String message) {
        return new RegistryException(ErrorKind.INVALID, 400, distributionCode, message);
    }

    static RegistryException unknown(String distributionCode, String message) {
        return new RegistryException(ErrorKind.NOT_FOUND, 404, distributionCode, message);
    }

    static RegistryException unsupported(String message) {
        return new RegistryException(ErrorKind.INVALID, 405, "UNSUPPORTED", message);
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }

    /** The code of the OCI distribution-spec, such as {@code MANIFEST_UNKNOWN}. */
    public String distributionCode() {
        return distributionCode;
    }
}
