package dev.slipway.base;

import org.jspecify.annotations.Nullable;

/** An error of this module: files, locks, cancellation. */
public final class BaseException extends CodedException {
    private static final long serialVersionUID = 1L;

    public BaseException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
    }

    static BaseException cancelled() {
        return new BaseException("base.cancelled", ErrorKind.CANCELLED, "Cancelled.", "", null);
    }
}
