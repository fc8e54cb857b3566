package dev.slipway.registry.access;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;

/** A file that says who may do what is malformed; codes begin with {@code registry.}. */
public final class AccessException extends CodedException {
    private static final long serialVersionUID = 1L;

    private AccessException(String message, String hint) {
        super("registry.invalid-access", ErrorKind.INVALID, message, hint, null);
    }

    static AccessException invalid(String message) {
        return new AccessException(message, "");
    }

    static AccessException invalid(String message, String hint) {
        return new AccessException(message, hint);
    }
}
