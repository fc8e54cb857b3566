package dev.slipway.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Megabytes of weights that were read; JMH shows them per second beside the calls. */
@AuxCounters
@State(Scope.Thread)
public class ByteCounter {
    private static final double MEGABYTE = 1e6;

    private double total;

    /** Adds what one call read. */
    void add(long bytes) {
        total += bytes / MEGABYTE;
    }

    public long megabytes() {
        return (long) total;
    }
}
