package dev.slipway.server.openai;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A piece of an answer. */
sealed interface AnswerPart {
    /** Text for the reader. */
    record Text(String text) implements AnswerPart {}

    /** Text of the model's thinking. */
    record Reasoning(String text) implements AnswerPart {}

    /**
     * A piece of a tool call.
     *
     * @param id on the first piece of a call; empty after that
     * @param name on the first piece of a call; empty after that
     */
    record ToolCall(int index, String id, String name, String arguments) implements AnswerPart {}

    /** What is reported of the tokens of the part that follows, as OpenAI's {@code logprobs.content} has it. */
    record Reports(List<JsonNode> tokens) implements AnswerPart {}
}
