package dev.slipway.server.openai;

import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What one vector shall be made of. */
sealed interface EmbeddingInput {
    /** Most inputs of a request. */
    int MOST_INPUTS = 2048;

    /** Most tokens of an input. */
    int MOST_TOKENS = 1 << 20;

    record Text(String text) implements EmbeddingInput {}

    record Tokens(List<Integer> tokens) implements EmbeddingInput {}

    /** A text, token numbers, or an array of either. */
    static List<EmbeddingInput> parse(Fields request) {
        JsonNode input = request.required("input");
        List<EmbeddingInput> inputs = new ArrayList<>();
        if (input.isArray() && input.path(0).isNumber()) {
            inputs.add(tokens(request, input));
        } else if (input.isArray() && input.path(0).isArray()) {
            request.array("input", MOST_INPUTS).forEach(element -> inputs.add(tokens(request, element)));
        } else {
            request.strings("input", MOST_INPUTS).forEach(text -> inputs.add(new Text(text)));
        }
        if (inputs.isEmpty() || inputs.stream().anyMatch(EmbeddingInput::isEmpty)) {
            throw ServerException.invalidRequest("input", "The input is empty.", "Send text or tokens.");
        }
        return inputs;
    }

    private static Tokens tokens(Fields request, JsonNode array) {
        List<Integer> tokens = new ArrayList<>();
        for (JsonNode token : array.values()) {
            if (!token.isIntegralNumber() || !token.canConvertToInt() || tokens.size() == MOST_TOKENS) {
                throw request.wrongType(
                        "input", "text, or at most " + MOST_TOKENS + " token numbers, or an array of either");
            }
            tokens.add(token.intValue());
        }
        return new Tokens(tokens);
    }

    private boolean isEmpty() {
        return switch (this) {
            case Text(String text) -> text.isEmpty();
            case Tokens(List<Integer> tokens) -> tokens.isEmpty();
        };
    }

    /** Puts it where the contract has a place for it. */
    default PredictOptions.Builder addTo(PredictOptions.Builder options) {
        return switch (this) {
            case Text(String text) -> options.setEmbeddings(text);
            case Tokens(List<Integer> tokens) -> options.addAllEmbeddingTokens(tokens);
        };
    }
}
