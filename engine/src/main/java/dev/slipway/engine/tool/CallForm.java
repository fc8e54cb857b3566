package dev.slipway.engine.tool;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How calls stand in an answer.
 *
 * @param openings what begins a block of calls
 * @param trailers markup that is swallowed right behind a call
 * @param inner further markup within blocks that a vocabulary may count as control
 */
record CallForm(List<Opening> openings, List<String> trailers, List<String> inner) {
    /** No calls. */
    static final CallForm NONE = new CallForm(List.of(), List.of(), List.of());

    /**
     * The beginning of a block.
     *
     * @param mark the text that begins it
     * @param feedsMark whether the mark is a part of what the reader reads
     * @param reader makes the reader of one block
     * @param afterCallOnly whether this counts only where a marked call has just ended
     * @param end what ends a block that broke after a part of it was passed on; without it, the end of the answer
     */
    record Opening(
            String mark,
            boolean feedsMark,
            Function<CallBuffer, CallReader> reader,
            boolean afterCallOnly,
            Optional<String> end) {}

    static CallForm hermes(DeclaredTools tools) {
        return new CallForm(List.of(tagged(tools)), List.of(), List.of(TaggedCalls.CLOSE));
    }

    static CallForm qwen3Xml(DeclaredTools tools) {
        Opening alone = new Opening(
                FunctionCalls.FUNCTION_OPEN,
                true,
                calls -> new FunctionCalls(tools, calls, true),
                false,
                Optional.of(FunctionCalls.FUNCTION_CLOSE));
        return new CallForm(List.of(tagged(tools), alone), List.of(TaggedCalls.CLOSE), List.of());
    }

    private static Opening tagged(DeclaredTools tools) {
        return new Opening(
                TaggedCalls.OPEN, false, calls -> new TaggedCalls(tools, calls), false, Optional.of(TaggedCalls.CLOSE));
    }

    static CallForm llama3Json(DeclaredTools tools) {
        return new CallForm(
                List.of(
                        json("<|python_tag|>", false, new JsonCall.Rules(tools, false), false),
                        json("{", true, new JsonCall.Rules(tools, false), true),
                        json("{", true, new JsonCall.Rules(tools, true), false),
                        json("[", true, new JsonCall.Rules(tools, true), false)),
                List.of(";"),
                List.of());
    }

    private static Opening json(String mark, boolean feedsMark, JsonCall.Rules rules, boolean afterCallOnly) {
        return new Opening(mark, feedsMark, calls -> new JsonCalls(rules, calls), afterCallOnly, Optional.empty());
    }

    static CallForm mistral(DeclaredTools tools) {
        Opening marked =
                new Opening(MistralCalls.OPEN, false, calls -> new MistralCalls(tools, calls), false, Optional.empty());
        return new CallForm(List.of(marked), List.of(), List.of(MistralCalls.ARGUMENTS, MistralCalls.CALL_ID));
    }
}
