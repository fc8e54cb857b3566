package dev.slipway.engine.measure;

import java.util.OptionalDouble;

/**
 * What the probe measured right before and right after a row.
 *
 * @param readBytesPerSecond reading memory, the best of 1 to 8 streams per thread
 * @param byteOperationsPerSecond products of bytes; empty where that is not measured
 * @param floatOperationsPerSecond products of f32; empty where that is not measured
 */
public record ProbeFigures(
        double readBytesPerSecond, OptionalDouble byteOperationsPerSecond, OptionalDouble floatOperationsPerSecond) {
    /** The better of each. */
    ProbeFigures max(ProbeFigures other) {
        return new ProbeFigures(
                Math.max(readBytesPerSecond, other.readBytesPerSecond),
                max(byteOperationsPerSecond, other.byteOperationsPerSecond),
                max(floatOperationsPerSecond, other.floatOperationsPerSecond));
    }

    private static OptionalDouble max(OptionalDouble a, OptionalDouble b) {
        return a.isEmpty() || b.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(a.getAsDouble(), b.getAsDouble()));
    }
}
