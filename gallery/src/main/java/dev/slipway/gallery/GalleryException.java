package dev.slipway.gallery;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import org.jspecify.annotations.Nullable;

/** An error of the gallery: an index, the choice of a backend, its installation. Codes begin with {@code gallery.}. */
public final class GalleryException extends CodedException {
    private static final long serialVersionUID = 1L;

    public GalleryException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
    }
}
