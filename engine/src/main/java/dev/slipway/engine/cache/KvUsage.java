package dev.slipway.engine.cache;

/**
 * How the pages of a pool are used; the three add up to the pool's size.
 *
 * @param inUse pages of open caches; what several share counts once
 * @param cached pages that closed caches left and that a new one may find again; given up when space is needed
 * @param free pages that hold nothing, most of which may not have been taken from the host yet
 * @param pageBytes bytes of one page
 */
public record KvUsage(long inUse, long cached, long free, long pageBytes) {
    /** Bytes of the pages of open caches. */
    public long bytesInUse() {
        return inUse * pageBytes;
    }
}
