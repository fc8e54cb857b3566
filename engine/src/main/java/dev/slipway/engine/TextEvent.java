package dev.slipway.engine;

import java.time.Duration;
import java.util.List;

/** What a generation reports, in order: one {@link Started}, any number of deltas, one {@link Finished}. */
public sealed interface TextEvent {
    /** The prompt has been read. */
    record Started(int promptTokens) implements TextEvent {}

    /** Text of the answer: whole characters only, free of any markup that was understood. */
    record Content(String text, int completionTokens) implements TextEvent {}

    /** Text of the model's thinking section. */
    record Reasoning(String text, int completionTokens) implements TextEvent {}

    /**
     * A piece of a tool call.
     *
     * @param index which call of the answer, from 0
     * @param id the call's id, on its first piece; empty after that
     * @param name the function's name, on its first piece; empty after that
     * @param arguments the next fragment of the arguments' JSON text; may be empty
     */
    record ToolCall(int index, String id, String name, String arguments, int completionTokens) implements TextEvent {}

    /**
     * How likely the tokens were whose text is certain to be in the answer by now, in order, thinking and calls
     * included; comes before that text. Tokens of a stop string never show.
     */
    record Logprobs(List<TokenLogprob> tokens, int completionTokens) implements TextEvent {
        public Logprobs {
            tokens = List.copyOf(tokens);
        }
    }

    /** The end of a generation that did not fail. */
    record Finished(FinishReason reason, Usage usage) implements TextEvent {}

    /** Why a generation ended. */
    enum FinishReason {
        /** The model ended its turn, or a stop string came. */
        STOP,
        /** The limit on new tokens or the context was reached. */
        LENGTH,
        /** The answer holds at least one tool call. */
        TOOL_CALLS
    }

    /**
     * What a generation took.
     *
     * @param promptTokens all tokens of the prompt
     * @param cachedTokens how many of them were known from an earlier request and not computed again
     * @param leftOutTokens how many tokens of the prompt were left out because it did not fit; not part of the former
     * @param completionTokens tokens of the answer, without the one that ended it
     * @param promptTime from the start of reading the prompt to the first token
     * @param generationTime from the first token to the last
     */
    record Usage(
            int promptTokens,
            int cachedTokens,
            int leftOutTokens,
            int completionTokens,
            Duration promptTime,
            Duration generationTime) {
        /** Of a text that was only read. */
        static Usage ofPrompt(int tokens) {
            return new Usage(tokens, 0, 0, 0, Duration.ZERO, Duration.ZERO);
        }
    }
}
