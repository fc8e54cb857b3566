package dev.slipway.engine;

import dev.slipway.engine.TextEvent.Usage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Counts what finished requests took. */
final class Totals {
    private static final EngineMetrics NOTHING = new EngineMetrics(0, 0, 0, 0, 0);

    private final AtomicReference<EngineMetrics> sums = new AtomicReference<>(NOTHING);

    void add(Usage usage) {
        sums.updateAndGet(before -> new EngineMetrics(
                before.promptTokens() + usage.promptTokens(),
                before.completionTokens() + usage.completionTokens(),
                speed(usage.promptTokens(), usage.promptTime(), before.lastPromptTokensPerSecond()),
                // The first token belongs to the prompt's time.
                speed(usage.completionTokens() - 1, usage.generationTime(), before.lastTokensPerSecond()),
                0));
    }

    private static double speed(int tokens, Duration time, double otherwise) {
        return tokens < 1 || time.isZero() ? otherwise : tokens / (time.toNanos() / 1e9);
    }

    EngineMetrics metrics(int runningSlots) {
        EngineMetrics now = sums.get();
        return new EngineMetrics(
                now.promptTokens(),
                now.completionTokens(),
                now.lastPromptTokensPerSecond(),
                now.lastTokensPerSecond(),
                runningSlots);
    }
}
