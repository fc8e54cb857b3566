package dev.slipway.engine.measure;

import java.util.OptionalDouble;

/**
 * One measured row.
 *
 * @param test {@code pp512}: reading a prompt of 512 tokens; {@code tg128}: generating 128; {@code @d2048}: after 2,048
 *     others; {@code x8}: for eight requests at once
 * @param tokensPerSecond the median of all repetitions, over all requests
 * @param bestTokensPerSecond the best of them
 * @param fractionOfLimit the median share of what the probe next to each repetition allows; empty where there is no limit
 * @param bestFractionOfLimit the best of them; a share above 1 means that row or probe cannot be trusted
 * @param probe the best that the probe measured around this row
 * @param loadSeconds what loading the model took
 * @param peakMemoryBytes the most memory of this process so far, mapped files apart; 0 where the host does not tell
 */
public record BenchRow(
        String test,
        int threads,
        int requests,
        double tokensPerSecond,
        double bestTokensPerSecond,
        OptionalDouble fractionOfLimit,
        OptionalDouble bestFractionOfLimit,
        ProbeFigures probe,
        double loadSeconds,
        long peakMemoryBytes) {
    /** Whether the row exceeds what the host could do, by the probe's word. */
    public boolean impossible() {
        return bestFractionOfLimit.orElse(0) > 1;
    }
}
