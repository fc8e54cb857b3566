package dev.slipway.backend.model;

import java.nio.file.Path;

/**
 * Which model to load and how.
 *
 * @param identity the host's name for the model, which later requests are checked against; may be empty
 * @param file the model's file or folder
 * @param contextLength most tokens of prompt and answer together; 0 takes the model's own
 * @param threads threads to compute with; 0 takes the number of cores
 * @param provider the kernel provider: {@code auto}, {@code scalar} or {@code vector}
 * @param toolParser how answers write tool calls: one of {@link dev.slipway.engine.tool.ToolParsers#names}
 * @param reasoningParser how answers mark thinking: one of {@link dev.slipway.engine.tool.ReasoningParsers#names}
 * @param slots requests that run at the same time
 */
public record ModelSpecification(
        String identity,
        Path file,
        int contextLength,
        int threads,
        String provider,
        String toolParser,
        String reasoningParser,
        int slots) {}
