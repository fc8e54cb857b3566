package dev.slipway.posix;

/** Whether {@code openat2} has been found to be missing. */
final class Beneath {
    private static volatile boolean known = true;

    private Beneath() {}

    static boolean known() {
        return known;
    }

    static void forget() {
        known = false;
    }
}
