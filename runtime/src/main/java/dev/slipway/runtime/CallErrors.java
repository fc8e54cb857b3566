package dev.slipway.runtime;

import dev.slipway.base.ErrorKind;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.regex.Pattern;

/** Turns the status of a failed call into an error that says which backend, which call, and what to do. */
final class CallErrors {
    private static final Metadata.Key<String> CODE =
            Metadata.Key.of(BackendClient.CODE_KEY, Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern CODE_FORM = Pattern.compile("[a-z]{1,32}\\.[a-z0-9-]{1,64}");
    private static final int MAX_DESCRIPTION = 4000;

    private final Peer peer;
    private final String rpc;

    CallErrors(Peer peer, String rpc) {
        this.peer = peer;
        this.rpc = rpc;
    }

    /** What an error tells about the process that was called. */
    interface Peer {
        String name();

        /**
         * Looks whether the process is gone and, if so, sees to it that nobody calls it again.
         *
         * @param connectionLost whether it is likely, so that it is worth to wait a moment for its end
         */
        boolean checkGone(boolean connectionLost);

        /** How it ended, such as {@code exited with status 1}. */
        String fate();

        String output();
    }

    BackendException of(Status status, Metadata trailers) {
        String said = status.getDescription() == null ? "no reason given" : shorten(status.getDescription());
        return switch (status.getCode()) {
            case UNAVAILABLE -> unavailable(status, said);
            case CANCELLED, UNKNOWN, INTERNAL -> {
                // What a dying process leaves behind on its connection is one of these, too.
                yield trailers.containsKey(CODE) || !peer.checkGone(false)
                        ? refused(status, trailers, said)
                        : gone(status, said);
            }
            default -> refused(status, trailers, said);
        };
    }

    private BackendException unavailable(Status status, String said) {
        if (peer.checkGone(true)) {
            return gone(status, said);
        }
        return new BackendException(
                "runtime.unavailable",
                ErrorKind.UNREACHABLE,
                "Backend " + peer.name() + " did not take " + rpc + ": " + said + ".",
                "Try again.",
                peer.output(),
                status.asException());
    }

    private BackendException gone(Status status, String said) {
        return new BackendException(
                BackendException.GONE,
                ErrorKind.UNREACHABLE,
                "Backend " + peer.name() + " " + peer.fate() + " during " + rpc + " (" + said + ").",
                "The next request starts it again; its log says more.",
                peer.output(),
                status.asException());
    }

    private BackendException refused(Status status, Metadata trailers, String said) {
        String code = code(status, trailers);
        String message = status.getCode() == Status.Code.UNIMPLEMENTED
                ? "Backend " + peer.name() + " does not offer " + rpc + "."
                : ownMessage(status.getCode()) ? said : rpc + " of backend " + peer.name() + " failed: " + said;
        return new BackendException(
                code, kind(status.getCode()), message, hint(status.getCode()), status.asException());
    }

    /** The backend explains what is wrong with the request: its sentence is the best there is. */
    private static boolean ownMessage(Status.Code code) {
        return code == Status.Code.INVALID_ARGUMENT || code == Status.Code.OUT_OF_RANGE;
    }

    private static String code(Status status, Metadata trailers) {
        String own = trailers.get(CODE);
        if (own != null && CODE_FORM.matcher(own).matches()) {
            return own;
        }
        return switch (status.getCode()) {
            case NOT_FOUND -> "runtime.model-identity";
            case FAILED_PRECONDITION -> "runtime.model-not-loaded";
            case UNIMPLEMENTED -> "runtime.unsupported";
            case CANCELLED -> "runtime.cancelled";
            case INVALID_ARGUMENT -> "runtime.invalid-request";
            case OUT_OF_RANGE -> "runtime.out-of-range";
            case DEADLINE_EXCEEDED -> "runtime.deadline";
            case RESOURCE_EXHAUSTED -> "runtime.exhausted";
            case UNAUTHENTICATED, PERMISSION_DENIED -> "runtime.denied";
            case OK, UNKNOWN, ALREADY_EXISTS, ABORTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> "runtime.backend-failed";
        };
    }

    private static ErrorKind kind(Status.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION, UNIMPLEMENTED -> ErrorKind.INVALID;
            case NOT_FOUND -> ErrorKind.NOT_FOUND;
            case CANCELLED -> ErrorKind.CANCELLED;
            case DEADLINE_EXCEEDED, UNAVAILABLE -> ErrorKind.UNREACHABLE;
            case RESOURCE_EXHAUSTED -> ErrorKind.EXHAUSTED;
            case UNAUTHENTICATED, PERMISSION_DENIED -> ErrorKind.DENIED;
            case ALREADY_EXISTS, ABORTED -> ErrorKind.CONFLICT;
            case DATA_LOSS -> ErrorKind.CORRUPT;
            case OK, UNKNOWN, INTERNAL -> ErrorKind.FAILURE;
        };
    }

    private static String hint(Status.Code code) {
        return switch (code) {
            case NOT_FOUND, FAILED_PRECONDITION -> "Load the model again.";
            case UNIMPLEMENTED -> "Use a backend that offers it.";
            default -> "";
        };
    }

    private static String shorten(String description) {
        return description.length() <= MAX_DESCRIPTION ? description : description.substring(0, MAX_DESCRIPTION) + "…";
    }
}
