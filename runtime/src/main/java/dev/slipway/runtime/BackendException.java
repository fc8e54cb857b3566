package dev.slipway.runtime;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * An error of a backend process: it does not start, ended, or refused a call. Codes begin with {@code runtime.}, except
 * when the backend names a code of its own (see {@link BackendClient#CODE_KEY}).
 */
public final class BackendException extends CodedException {
    /** The code of every error that says "this process is gone, a new one is needed". */
    public static final String GONE = "runtime.backend-gone";

    private static final long serialVersionUID = 1L;

    private final String output;

    public BackendException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        this(code, kind, message, hint, "", cause);
    }

    /**
     * Creates an error that carries what the process last wrote.
     *
     * @param output lines joined by newlines; empty when there are none
     */
    public BackendException(
            String code, ErrorKind kind, String message, String hint, String output, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
        this.output = output;
    }

    /** The last lines that the process wrote, for logs and terminals; may be empty. */
    public String output() {
        return output;
    }

    /** Whether the process is gone, so that the same request may succeed with a new one. */
    public boolean gone() {
        return code().equals(GONE);
    }

    /** The same error once more, for another caller who waited for the same thing. */
    BackendException again() {
        return new BackendException(code(), kind(), getMessage(), hint(), output, this);
    }

    static BackendException cancelled(String what) {
        return new BackendException("runtime.cancelled", ErrorKind.CANCELLED, what + " was cancelled.", "", null);
    }
}
