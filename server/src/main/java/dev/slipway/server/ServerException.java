package dev.slipway.server;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import org.jspecify.annotations.Nullable;

/** An error of the server: its home, its configuration, a request; codes begin with {@code server.}. */
public final class ServerException extends CodedException {
    private static final long serialVersionUID = 1L;

    private final String parameter;

    public ServerException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        this(code, kind, message, hint, "", cause);
    }

    private ServerException(
            String code, ErrorKind kind, String message, String hint, String parameter, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
        this.parameter = parameter;
    }

    /** A request with a wrong value. */
    public static ServerException invalidRequest(String parameter, String message, String hint) {
        return new ServerException("server.invalid-request", ErrorKind.INVALID, message, hint, parameter, null);
    }

    /** A request for something that is not offered. */
    public static ServerException unsupported(String parameter, String message, String hint) {
        return new ServerException("server.unsupported-parameter", ErrorKind.INVALID, message, hint, parameter, null);
    }

    /** The part of the request that was wrong, such as {@code messages[0].content}; may be empty. */
    public String parameter() {
        return parameter;
    }
}
