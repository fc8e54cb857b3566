package dev.slipway.server.openai;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code usage} object.
 *
 * @param leftOutTokens tokens of prompts that did not fit and were shortened as asked; told when there are any
 * @param cachedTokens how many of the prompt's tokens were known from an earlier request
 */
record Usage(int promptTokens, int cachedTokens, int leftOutTokens, int completionTokens) {
    static final Usage NOTHING = new Usage(0, 0, 0, 0);

    /** Of the choices for one prompt, which counts once. */
    static Usage of(List<Answer> choices) {
        return new Usage(
                choices.stream().mapToInt(Answer::promptTokens).max().orElse(0),
                choices.stream().mapToInt(Answer::cachedTokens).min().orElse(0),
                choices.stream().mapToInt(Answer::leftOutTokens).max().orElse(0),
                choices.stream().mapToInt(Answer::completionTokens).sum());
    }

    Usage plus(Usage other) {
        return new Usage(
                promptTokens + other.promptTokens,
                cachedTokens + other.cachedTokens,
                leftOutTokens + other.leftOutTokens,
                completionTokens + other.completionTokens);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonBodies.object()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens);
        ObjectNode details = json.putObject("prompt_tokens_details").put("cached_tokens", cachedTokens);
        if (leftOutTokens > 0) {
            details.put("truncated_tokens", leftOutTokens);
        }
        return json;
    }
}
