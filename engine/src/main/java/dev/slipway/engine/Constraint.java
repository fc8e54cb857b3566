package dev.slipway.engine;

/**
 * What an answer must look like. A constrained answer is right from its first token on: tokens that would break it are
 * never drawn, so nothing is tried twice.
 *
 * <p>When the limit on new tokens comes near, the answer is led to its shortest end. An answer that was cut short like
 * that is still whole, and reports {@link TextEvent.FinishReason#LENGTH}.
 */
public sealed interface Constraint {
    /** Any text. */
    Constraint NONE = new None();

    /** Any text. */
    record None() implements Constraint {}

    /** One JSON object of any content. */
    record JsonObject() implements Constraint {}

    /**
     * One JSON value that is valid by a schema.
     *
     * @param schema the schema as JSON text; parts that cannot be kept are refused by name when the request is submitted
     */
    record JsonSchema(String schema) implements Constraint {}

    /**
     * A text of a grammar.
     *
     * @param grammar in the notation of GBNF, beginning at its rule {@code root}
     */
    record Gbnf(String grammar) implements Constraint {}

    /**
     * At least one tool call, in the model's own form, with arguments that are valid by the tool's parameters.
     *
     * @param name the only function that may be called; empty for any of those that the prompt offers
     * @param parallel whether several calls may come
     */
    record ToolCalls(String name, boolean parallel) implements Constraint {}
}
