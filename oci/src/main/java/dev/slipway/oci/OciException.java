package dev.slipway.oci;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import org.jspecify.annotations.Nullable;

/** An error of this module; codes begin with {@code oci.}. */
public final class OciException extends CodedException {
    private static final long serialVersionUID = 1L;

    public OciException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
    }

    /** Something handed in is not what it should be. */
    public static OciException invalid(String code, String message) {
        return new OciException(code, ErrorKind.INVALID, message, "", null);
    }

    /** Bytes are not what they should be. */
    public static OciException corrupt(String code, String message) {
        return new OciException(code, ErrorKind.CORRUPT, message, "", null);
    }

    /** Content that was asked for is not there. */
    public static OciException missing(String code, String message) {
        return new OciException(code, ErrorKind.NOT_FOUND, message, "", null);
    }
}
