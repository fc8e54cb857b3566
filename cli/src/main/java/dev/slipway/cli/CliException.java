package dev.slipway.cli;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import org.jspecify.annotations.Nullable;

/** An error of a command; codes begin with {@code cli.}. */
public final class CliException extends CodedException {
    private static final long serialVersionUID = 1L;

    public CliException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
    }

    /** A wrong argument. */
    public static CliException usage(String message, String hint) {
        return new CliException("cli.usage", ErrorKind.INVALID, message, hint, null);
    }
}
