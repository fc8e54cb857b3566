package dev.slipway.engine;

/**
 * How a model is loaded.
 *
 * @param contextLength most tokens of prompt and answer together; 0 for the model's own; never more than the model's own
 * @param threads threads to calculate with; 0 for one per core; never more than cores
 * @param provider {@code auto}, {@code scalar}, {@code vector}, {@code emitted}, or {@code emitted-} with a level
 * @param toolParser how answers write tool calls: one of {@link dev.slipway.engine.tool.ToolParsers#names}
 * @param reasoningParser how answers mark thinking: one of {@link dev.slipway.engine.tool.ReasoningParsers#names}
 * @param slots most requests that run at a time, at least 1
 */
public record EngineOptions(
        int contextLength, int threads, String provider, String toolParser, String reasoningParser, int slots) {
    /** Everything as the model and the host suggest; four requests at a time. */
    public static final EngineOptions DEFAULT = new EngineOptions(0, 0, "auto", "auto", "auto", 4);

    private static final int MAX_SLOTS = 256;

    public EngineOptions {
        check(contextLength >= 0, "context length", contextLength, "0 for the model's own, or a number of tokens");
        check(threads >= 0, "number of threads", threads, "0 for one per core, or more");
        check(slots >= 1 && slots <= MAX_SLOTS, "number of slots", slots, "1 to " + MAX_SLOTS);
    }

    private static void check(boolean holds, String name, int value, String range) {
        if (!holds) {
            throw EngineException.invalid(
                    "engine.invalid-option", "The " + name + " is " + value + ".", "Use " + range + ".");
        }
    }
}
