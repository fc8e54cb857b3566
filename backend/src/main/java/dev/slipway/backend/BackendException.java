package dev.slipway.backend;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import org.jspecify.annotations.Nullable;

/** An error of the built-in backend; codes begin with {@code backend.}. */
public final class BackendException extends CodedException {
    private static final long serialVersionUID = 1L;

    /** Code of a call that needs a model while none is loaded. */
    public static final String MODEL_NOT_LOADED = "backend.model-not-loaded";

    public BackendException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
    }

    /** A request whose values make no sense. */
    public static BackendException invalid(String message, String hint) {
        return new BackendException("backend.invalid-request", ErrorKind.INVALID, message, hint, null);
    }

    /** A request for something that this backend cannot do, named by the contract's own word for it. */
    public static BackendException unsupported(String what, String hint) {
        return new BackendException(
                "backend.unsupported-option",
                ErrorKind.INVALID,
                "The request sets " + what + ", which this backend does not support.",
                hint,
                null);
    }

    /** A call that came before a model was loaded, or after it was released. */
    public static BackendException notLoaded(String detail) {
        return new BackendException(
                MODEL_NOT_LOADED, ErrorKind.CONFLICT, "model not loaded" + detail, "Call LoadModel first.", null);
    }
}
