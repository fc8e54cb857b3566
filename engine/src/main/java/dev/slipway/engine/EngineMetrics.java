package dev.slipway.engine;

/**
 * Counters of one loaded model.
 *
 * @param promptTokens prompt tokens read in all
 * @param completionTokens tokens generated in all
 * @param lastPromptTokensPerSecond reading speed of the request that finished last, 0 before the first
 * @param lastTokensPerSecond generating speed of the request that finished last, 0 before the first
 * @param runningSlots requests running or waiting now
 */
public record EngineMetrics(
        long promptTokens,
        long completionTokens,
        double lastPromptTokensPerSecond,
        double lastTokensPerSecond,
        int runningSlots) {}
