package dev.slipway.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Megabytes of weights that were read; JMH shows them per second beside the calls, and starts anew each iteration. */
@AuxCounters
@State(Scope.Thread)
public class ByteCounter {
    private static final double MEGABYTE = 1e6;

    public double megabytes;

    /** Adds what one call read. */
    void add(long bytes) {
        megabytes += bytes / MEGABYTE;
    }
}
