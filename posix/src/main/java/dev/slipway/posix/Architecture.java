package dev.slipway.posix;

/** Which of the kernel's numbers apply; apart from {@link Kernel}, whose start needs them already. */
final class Architecture {
    /** Whether system calls have the numbers that all younger architectures share. */
    static final boolean GENERIC = System.getProperty("os.arch", "").equals("aarch64");

    private Architecture() {}
}
