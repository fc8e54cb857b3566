package dev.slipway.posix;

/** Whether this host has the system calls, and who calls. */
public final class Posix {
    private Posix() {}

    /** Whether handles can be opened here: on Linux, x86-64 or aarch64, where native access is allowed. */
    public static boolean isAvailable() {
        return Kernel.CANNOT.isEmpty();
    }

    /** Why not {@link #isAvailable}, to follow the words "there are no system calls, for"; empty when it is. */
    public static String whyNot() {
        return Kernel.CANNOT;
    }

    /**
     * The user in whose name this process acts.
     *
     * @throws UnsupportedOperationException unless {@link #isAvailable}
     */
    public static long effectiveUser() {
        return ask(SystemCall.GETEUID);
    }

    /**
     * The group in whose name this process acts.
     *
     * @throws UnsupportedOperationException unless {@link #isAvailable}
     */
    public static long effectiveGroup() {
        return ask(SystemCall.GETEGID);
    }

    private static long ask(SystemCall call) {
        requireAvailable();
        try (Scratch scratch = Scratch.take()) {
            // Ids are unsigned, and these calls never fail.
            return Kernel.call(scratch, call, 0, 0, 0, 0, 0) & 0xffff_ffffL;
        }
    }

    static void requireAvailable() {
        if (!isAvailable()) {
            throw new UnsupportedOperationException("There are no system calls, for " + whyNot() + ".");
        }
    }
}
