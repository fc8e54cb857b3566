package dev.slipway.engine;

import java.util.Optional;

/**
 * How a model is loaded.
 *
 * @param contextLength most tokens of prompt and answer together; 0 for the model's own; never more than the model's own
 * @param threads threads to calculate with; 0 for one per core; never more than cores
 * @param provider {@code auto}, {@code scalar}, {@code vector}, {@code emitted}, or {@code emitted-} with a level
 * @param toolParser how answers write tool calls: one of {@link dev.slipway.engine.tool.ToolParsers#names}
 * @param reasoningParser how answers mark thinking: one of {@link dev.slipway.engine.tool.ReasoningParsers#names}
 * @param slots most requests that run at a time, at least 1
 * @param pooling how one vector is made of a text's many; empty for the way the model was made for
 * @param chunking whether a text that is too long for one pass is embedded in parts; otherwise it is refused
 * @param storage in which types weights and the KV cache are kept in memory
 */
public record EngineOptions(
        int contextLength,
        int threads,
        String provider,
        String toolParser,
        String reasoningParser,
        int slots,
        Optional<Pooling> pooling,
        boolean chunking,
        Storage storage) {
    /** Everything as the model and the host suggest; four requests at a time. */
    public static final EngineOptions DEFAULT =
            new EngineOptions(0, 0, "auto", "auto", "auto", 4, Optional.empty(), false, Storage.DEFAULT);

    private static final int MAX_SLOTS = 256;

    public EngineOptions {
        check(contextLength >= 0, "context length", contextLength, "0 for the model's own, or a number of tokens");
        check(threads >= 0, "number of threads", threads, "0 for one per core, or more");
        check(slots >= 1 && slots <= MAX_SLOTS, "number of slots", slots, "1 to " + MAX_SLOTS);
    }

    public EngineOptions withContextLength(int tokens) {
        return new EngineOptions(
                tokens, threads, provider, toolParser, reasoningParser, slots, pooling, chunking, storage);
    }

    public EngineOptions withThreads(int number) {
        return new EngineOptions(
                contextLength, number, provider, toolParser, reasoningParser, slots, pooling, chunking, storage);
    }

    public EngineOptions withProvider(String name) {
        return new EngineOptions(
                contextLength, threads, name, toolParser, reasoningParser, slots, pooling, chunking, storage);
    }

    public EngineOptions withToolParser(String name) {
        return new EngineOptions(
                contextLength, threads, provider, name, reasoningParser, slots, pooling, chunking, storage);
    }

    public EngineOptions withReasoningParser(String name) {
        return new EngineOptions(contextLength, threads, provider, toolParser, name, slots, pooling, chunking, storage);
    }

    public EngineOptions withSlots(int number) {
        return new EngineOptions(
                contextLength, threads, provider, toolParser, reasoningParser, number, pooling, chunking, storage);
    }

    public EngineOptions withPooling(Pooling way) {
        return new EngineOptions(
                contextLength,
                threads,
                provider,
                toolParser,
                reasoningParser,
                slots,
                Optional.of(way),
                chunking,
                storage);
    }

    public EngineOptions withChunking(boolean allowed) {
        return new EngineOptions(
                contextLength, threads, provider, toolParser, reasoningParser, slots, pooling, allowed, storage);
    }

    public EngineOptions withStorage(Storage types) {
        return new EngineOptions(
                contextLength, threads, provider, toolParser, reasoningParser, slots, pooling, chunking, types);
    }

    private static void check(boolean holds, String name, int value, String range) {
        if (!holds) {
            throw EngineException.invalid(
                    "engine.invalid-option", "The " + name + " is " + value + ".", "Use " + range + ".");
        }
    }
}
