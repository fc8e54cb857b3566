package dev.slipway.posix;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;

/** The host refused pages of memory, or a right to them: code {@code posix.memory-refused}. */
public final class MemoryRefusedException extends CodedException {
    private static final long serialVersionUID = 1L;

    MemoryRefusedException(String what, Errno errno) {
        super(
                "posix.memory-refused",
                ErrorKind.EXHAUSTED,
                "The host refused to " + what + ": " + errno.text() + ".",
                "Free memory, or look whether a security policy of the host forbids this.",
                null);
    }
}
