package dev.slipway.server.openai;

import tools.jackson.databind.node.ObjectNode;

/** The {@code usage} object. */
final class Usage {
    private Usage() {}

    static ObjectNode toJson(int promptTokens, int completionTokens) {
        return JsonBodies.object()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens);
    }
}
