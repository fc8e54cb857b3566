package dev.slipway.posix;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;

/** The host refused pages of memory, or a right to them: code {@code posix.memory-refused}. */
public final class MemoryRefusedException extends CodedException {
    private static final long serialVersionUID = 1L;

    MemoryRefusedException(String what, int errno) {
        super(
                "posix.memory-refused",
                ErrorKind.EXHAUSTED,
                "The host refused to " + what + " (error " + errno + reason(errno) + ").",
                "Free memory, or look whether a security policy of the host forbids this.",
                null);
    }

    /** The same numbers on every Linux. */
    private static String reason(int errno) {
        return switch (errno) {
            case 1 -> ", not permitted";
            case 12 -> ", out of memory";
            case 13 -> ", access denied";
            default -> "";
        };
    }
}
