package dev.slipway.fetch;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A failed request; codes begin with {@code fetch.}. Addresses in messages have neither user information nor query, where
 * secrets may stand.
 */
public final class FetchException extends CodedException {
    private static final long serialVersionUID = 1L;

    private final transient URI uri;
    private final int status;
    private final @Nullable Duration retryAfter;
    private final boolean retryable;

    private FetchException(
            String code, ErrorKind kind, String message, URI uri, Answer answer, @Nullable Throwable cause) {
        super(code, kind, message, answer.hint, cause);
        this.uri = Addresses.bare(uri);
        this.status = answer.status;
        this.retryAfter = answer.retryAfter;
        this.retryable = answer.retryable;
    }

    private record Answer(int status, @Nullable Duration retryAfter, boolean retryable, String hint) {
        static Answer none(boolean retryable) {
            return new Answer(0, null, retryable, retryable ? "Check the network and try again." : "");
        }
    }

    static FetchException unreachable(URI uri, String why, @Nullable Throwable cause) {
        return new FetchException(
                "fetch.unreachable",
                ErrorKind.UNREACHABLE,
                "Fetching " + Addresses.bare(uri) + " failed: " + why + ".",
                uri,
                Answer.none(true),
                cause);
    }

    static FetchException stalled(URI uri, Duration patience) {
        return new FetchException(
                "fetch.stalled",
                ErrorKind.UNREACHABLE,
                "Fetching " + Addresses.bare(uri) + " failed: nothing arrived for " + patience.toMillis() + " ms.",
                uri,
                Answer.none(true),
                null);
    }

    static FetchException refused(String code, URI uri, String why) {
        return new FetchException(
                code,
                ErrorKind.FAILURE,
                "Fetching " + Addresses.bare(uri) + " was refused: " + why + ".",
                uri,
                Answer.none(false),
                null);
    }

    static FetchException status(URI uri, int status, Optional<Duration> retryAfter, String detail) {
        boolean again = status == 408 || status == 429 || status == 499 || (status >= 500 && status != 501);
        ErrorKind kind = switch (status) {
            case 401, 403 -> ErrorKind.DENIED;
            case 404, 410 -> ErrorKind.NOT_FOUND;
            default -> again ? ErrorKind.UNREACHABLE : ErrorKind.FAILURE;
        };
        String hint = switch (status) {
            case 401, 403 -> "Check that it exists and that this machine may read it.";
            case 429 -> "The server limits requests: wait a while.";
            default -> "";
        };
        return new FetchException(
                "fetch.status",
                kind,
                "Fetching " + Addresses.bare(uri) + " failed: the server answered " + status
                        + (detail.isEmpty() ? "" : " (" + detail + ")") + ".",
                uri,
                new Answer(status, retryAfter.orElse(null), again, hint),
                null);
    }

    /** What was asked for, without user information and query. */
    public URI uri() {
        return uri;
    }

    /** The answer's status, when there was an answer. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /** How long the server asks to wait. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    @Override
    public boolean retryable() {
        return retryable;
    }
}
