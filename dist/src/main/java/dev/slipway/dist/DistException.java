package dev.slipway.dist;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import org.jspecify.annotations.Nullable;

/** An error while packaging; codes begin with {@code dist.}. */
public final class DistException extends CodedException {
    private static final long serialVersionUID = 1L;

    public DistException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
    }
}
