package dev.slipway.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The calls about pages of memory. Numbers are the same on all architectures of {@link Posix#isAvailable}. */
final class MemoryCalls {
    static final int READ = 1;
    static final int WRITE = 2;
    static final int EXECUTE = 4;

    /** Ask for pages of two megabytes. */
    static final int HUGE_PAGES = 14;

    private static final int PRIVATE_ANONYMOUS = 0x02 | 0x20;
    private static final int NO_FILE = -1;

    /** Answers from here up are negated error numbers. */
    private static final long FIRST_ERROR = -4095;

    private MemoryCalls() {}

    /** New pages of zeros that can be read and written; unmapped when the arena is closed. */
    @SuppressWarnings("restricted") // The kernel has just said that this memory is there.
    static MemorySegment map(long bytes, Arena arena) {
        long start = call(SystemCall.MMAP, 0, bytes, READ | WRITE, PRIVATE_ANONYMOUS, NO_FILE);
        if (start >= FIRST_ERROR && start < 0) {
            throw new MemoryRefusedException("map " + bytes + " bytes of memory", Errno.of((int) -start));
        }
        return MemorySegment.ofAddress(start)
                .reinterpret(
                        bytes, arena, pages -> call(SystemCall.MUNMAP, pages.address(), pages.byteSize(), 0, 0, 0));
    }

    static void protect(MemorySegment pages, int rights) {
        long answer = call(SystemCall.MPROTECT, pages.address(), pages.byteSize(), rights, 0, 0);
        if (answer < 0) {
            throw new MemoryRefusedException(
                    "change the rights of " + pages.byteSize() + " bytes of memory", Errno.of((int) -answer));
        }
    }

    /** Gives a hint; whether the host takes it makes no difference to results. */
    static void advise(MemorySegment pages, int advice) {
        call(SystemCall.MADVISE, pages.address(), pages.byteSize(), advice, 0, 0);
    }

    private static long call(SystemCall call, long a, long b, long c, long d, long e) {
        Posix.requireAvailable();
        try (Scratch scratch = Scratch.take()) {
            return Kernel.call(scratch, call, a, b, c, d, e);
        }
    }
}
