package dev.slipway.engine;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import org.jspecify.annotations.Nullable;

/** An error of the engine; codes begin with {@code engine.}. */
public final class EngineException extends CodedException {
    private static final long serialVersionUID = 1L;

    public EngineException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
    }

    /** What a request meets whose model goes away. */
    public static EngineException closed() {
        return new EngineException(
                "engine.closed", ErrorKind.CANCELLED, "The model is being unloaded.", "Load it again.", null);
    }

    /** An error in what the caller asked for. */
    public static EngineException invalid(String code, String message, String hint) {
        return new EngineException(code, ErrorKind.INVALID, message, hint, null);
    }
}
