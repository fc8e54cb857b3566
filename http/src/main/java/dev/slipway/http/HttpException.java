package dev.slipway.http;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import org.jspecify.annotations.Nullable;

/** An error of the HTTP server itself; codes begin with {@code http.}. */
public final class HttpException extends CodedException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public HttpException(
            String code, ErrorKind kind, int status, String message, String hint, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
        this.status = status;
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }
}
