package dev.slipway.server.openai;

import dev.slipway.base.Cancellation;
import dev.slipway.http.Exchange;
import dev.slipway.http.Handler;
import dev.slipway.protocol.EmbeddingResult;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.runtime.ModelLease;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.serving.ModelService;
import java.io.IOException;
import java.time.Duration;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/embeddings}. */
final class EmbeddingHandler implements Handler {
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final ModelService models;

    EmbeddingHandler(ModelService models) {
        this.models = models;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        EmbeddingRequest request = EmbeddingRequest.parse(JsonBodies.read(exchange));
        ModelConfig model = models.find(request.model());
        ObjectNode json = JsonBodies.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        int promptTokens = 0;
        try (ModelLease lease = models.lease(model, Cancellation.never())) {
            for (int i = 0; i < request.inputs().size(); i++) {
                PredictOptions options = request.toOptions(model, i, exchange.requestId());
                EmbeddingResult result = lease.client().embedding(options, PATIENCE, Cancellation.never());
                float[] vector = EmbeddingVectors.pooled(result);
                request.checkDimensions(vector.length);
                promptTokens += result.getPromptTokens();
                ObjectNode row = data.addObject().put("object", "embedding").put("index", i);
                row.set("embedding", EmbeddingVectors.toJson(vector, request.base64()));
            }
        }
        json.put("model", model.name());
        json.set("usage", JsonBodies.object().put("prompt_tokens", promptTokens).put("total_tokens", promptTokens));
        JsonBodies.send(exchange, 200, json);
    }
}
