package dev.slipway.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory for large tables that are read over and over: in huge pages where the host has them. */
public final class LargeMemory {
    private static final long HUGE_PAGE = 2 << 20;
    private static final long CACHE_LINE = 64;

    private LargeMemory() {}

    /**
     * Allocates zeros, at the start of a cache line at least. Pages are taken from the host when they are first written.
     *
     * @throws MemoryRefusedException when the host has no more
     */
    public static MemorySegment allocate(long bytes, Arena arena) {
        if (bytes < HUGE_PAGE || !Posix.isAvailable()) {
            return arena.allocate(bytes, CACHE_LINE);
        }
        MemorySegment pages = MemoryCalls.map(bytes, arena);
        MemoryCalls.advise(pages, MemoryCalls.HUGE_PAGES);
        return pages;
    }
}
