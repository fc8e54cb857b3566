package dev.slipway.fetch;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A failed request; codes begin with {@code fetch.}. Addresses in messages have neither user information nor query, where
 * secrets may stand.
 */
public final class FetchException extends CodedException {
    private static final long serialVersionUID = 1L;

    /** What servers answer when the same request may succeed later. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 499, 500, 502, 503, 504, 522);

    private final transient URI uri;
    private final int status;
    private final @Nullable Duration retryAfter;
    private final boolean retryable;

    /** What was asked for. */
    record Subject(String method, URI uri) {
        @Override
        public String toString() {
            boolean fetched = method.equals("GET") || method.equals("HEAD");
            return (fetched ? "Fetching " : "Sending " + method + " to ") + Addresses.bare(uri);
        }
    }

    private record Answer(int status, @Nullable Duration retryAfter, boolean retryable, String hint) {
        static Answer none(boolean retryable) {
            return new Answer(0, null, retryable, retryable ? "Check the network and try again." : "");
        }
    }

    private FetchException(
            String code, ErrorKind kind, Subject subject, String what, Answer answer, @Nullable Throwable cause) {
        super(code, kind, subject + what, answer.hint, cause);
        this.uri = Addresses.bare(subject.uri());
        this.status = answer.status;
        this.retryAfter = answer.retryAfter;
        this.retryable = answer.retryable;
    }

    static FetchException unreachable(Subject subject, String why, @Nullable Throwable cause) {
        return new FetchException(
                "fetch.unreachable", ErrorKind.UNREACHABLE, subject, " failed: " + why + ".", Answer.none(true), cause);
    }

    static FetchException stalled(Subject subject, Duration patience, Throwable cause) {
        return new FetchException(
                "fetch.stalled",
                ErrorKind.UNREACHABLE,
                subject,
                " failed: nothing moved for " + patience.toMillis() + " ms.",
                Answer.none(true),
                cause);
    }

    /** The server's certificate is not believed, or the two find no common way to speak TLS. */
    static FetchException untrusted(Subject subject, String why, Throwable cause) {
        return new FetchException(
                "fetch.tls",
                ErrorKind.DENIED,
                subject,
                " failed: no trusted TLS connection (" + why + ").",
                new Answer(0, null, false, "Name the certificate authority of this host, if it is a private one."),
                cause);
    }

    static FetchException refused(String code, URI uri, String why) {
        return refused(code, new Subject("GET", uri), why);
    }

    static FetchException refused(String code, Subject subject, String why) {
        return new FetchException(
                code, ErrorKind.FAILURE, subject, " was refused: " + why + ".", Answer.none(false), null);
    }

    static FetchException status(Subject subject, int status, Optional<Duration> retryAfter, String detail) {
        boolean again = PASSING.contains(status);
        ErrorKind kind = switch (status) {
            case 401, 403, 407 -> ErrorKind.DENIED;
            case 404, 410 -> ErrorKind.NOT_FOUND;
            default -> again ? ErrorKind.UNREACHABLE : ErrorKind.FAILURE;
        };
        String hint = switch (status) {
            case 401, 403 -> "Check that it exists and that this machine may use it.";
            case 429 -> "The server limits requests: wait a while.";
            default -> "";
        };
        return new FetchException(
                "fetch.status",
                kind,
                subject,
                " failed: the server answered " + status + (detail.isEmpty() ? "" : " (" + detail + ")") + ".",
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
