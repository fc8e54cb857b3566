package dev.slipway.base;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of every error that Slipway raises on purpose.
 *
 * <p>The message says what was attempted and what was wrong; the hint says what to do next. The code is stable and
 * machine-readable, in kebab case with the module in front, such as {@code oci.digest-mismatch}. Neither text ever
 * holds a secret.
 */
public abstract class CodedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final ErrorKind kind;
    private final String hint;

    /** Creates an error; {@code hint} may be empty when the message already says what to do. */
    protected CodedException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code);
        this.kind = Objects.requireNonNull(kind);
        this.hint = Objects.requireNonNull(hint);
    }

    public final String code() {
        return code;
    }

    public final ErrorKind kind() {
        return kind;
    }

    /** What to do next, or an empty string. */
    public final String hint() {
        return hint;
    }

    /** Whether the same call may succeed when it is simply made again. */
    public boolean retryable() {
        return kind == ErrorKind.UNREACHABLE;
    }

    /** The message; never null, unlike what {@link Throwable} promises. */
    @Override
    public final String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), code);
    }
}
