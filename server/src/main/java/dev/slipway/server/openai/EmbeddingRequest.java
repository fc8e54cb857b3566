package dev.slipway.server.openai;

import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ServerException;
import java.util.List;
import java.util.OptionalInt;

/** A request for vectors, one per input. */
record EmbeddingRequest(String model, List<EmbeddingInput> inputs, boolean base64, OptionalInt dimensions) {
    static EmbeddingRequest parse(Fields request) {
        List<EmbeddingInput> inputs = EmbeddingInput.parse(request);
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
        return inputs.get(index)
                .addTo(PredictOptions.newBuilder())
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
