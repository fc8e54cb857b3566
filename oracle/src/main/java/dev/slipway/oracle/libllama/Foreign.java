package dev.slipway.oracle.libllama;

import java.lang.foreign.MemorySegment;

/** Calls of method handles, whose signature throws anything. */
final class Foreign {
    private Foreign() {}

    @FunctionalInterface
    interface Returning<T> {
        T call() throws Throwable;
    }

    @FunctionalInterface
    interface Plain {
        void call() throws Throwable;
    }

    static <T> T call(Returning<T> body) {
        try {
            return body.call();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("A foreign call failed.", e);
        }
    }

    /** Memory that a C function says holds so many bytes. */
    @SuppressWarnings("restricted")
    static MemorySegment reach(MemorySegment pointer, long bytes) {
        return pointer.reinterpret(bytes);
    }

    static void run(Plain body) {
        call(() -> {
            body.call();
            return true;
        });
    }
}
