package dev.slipway.server.openai;

import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ServerException;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** A request for vectors, one per input text. */
record EmbeddingRequest(String model, List<String> inputs, boolean base64, OptionalInt dimensions) {
    private static final int MOST_INPUTS = 2048;

    static EmbeddingRequest parse(Fields request) {
        JsonNode input = request.required("input");
        boolean tokens = input.isArray() && input.valueStream().anyMatch(part -> part.isNumber() || part.isArray());
        request.refuse("input", tokens, "An input of token numbers is not offered.", "Send text.");
        List<String> inputs = request.strings("input", MOST_INPUTS);
        if (inputs.isEmpty() || inputs.contains("")) {
            throw ServerException.invalidRequest("input", "The input is empty.", "Send text.");
        }
        String format = request.string("encoding_format").orElse("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw ServerException.invalidRequest(
                    "encoding_format", "The encoding format '" + format + "' is not known.", "Use float or base64.");
        }
        return new EmbeddingRequest(
                request.requiredString("model"),
                inputs,
                format.equals("base64"),
                request.smallInteger("dimensions", 1, Integer.MAX_VALUE));
    }

    PredictOptions toOptions(ModelConfig config, int index, String requestId) {
        return PredictOptions.newBuilder()
                .setEmbeddings(inputs.get(index))
                .setModelIdentity(config.model())
                .setCorrelationId(requestId)
                .build();
    }

    void checkDimensions(int given) {
        if (dimensions.isPresent() && dimensions.getAsInt() != given) {
            throw ServerException.unsupported(
                    "dimensions",
                    "The model's vectors have " + given + " dimensions and cannot be cut to " + dimensions.getAsInt()
                            + ".",
                    "Leave dimensions out.");
        }
    }
}
