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

    /** An error in the request itself, answered with 400. */
    public static HttpException badRequest(String code, String message, String hint) {
        return new HttpException(code, ErrorKind.INVALID, 400, message, hint, null);
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }
}
