package dev.slipway.base;

/** What sort of thing went wrong, as far as callers act on it. Each kind has one documented exit code. */
public enum ErrorKind {
    /** Anything that no other kind fits. */
    FAILURE(1),
    /** The request itself is wrong: a bad argument, a malformed document, a prompt that does not fit. */
    INVALID(2),
    NOT_FOUND(3),
    /** Authentication or authorisation. */
    DENIED(4),
    /** A network peer or a backend process does not answer; trying again makes sense. */
    UNREACHABLE(5),
    /** Bytes are not what they should be: digest or size mismatch, a truncated or damaged file. */
    CORRUPT(6),
    /** Something else holds or is using the thing: a port, a lock, a name. */
    CONFLICT(7),
    /** No disk space, memory or permission to use the place asked for. */
    EXHAUSTED(8),
    /** The caller asked to stop. */
    CANCELLED(130);

    private final int exitCode;

    ErrorKind(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit status of a command that ends with this kind of error. */
    public int exitCode() {
        return exitCode;
    }
}
