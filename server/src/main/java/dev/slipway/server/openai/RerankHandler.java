package dev.slipway.server.openai;

import dev.slipway.base.Cancellation;
import dev.slipway.http.Exchange;
import dev.slipway.http.Handler;
import dev.slipway.protocol.DocumentResult;
import dev.slipway.protocol.RerankResult;
import dev.slipway.runtime.ModelLease;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.serving.ModelService;
import java.io.IOException;
import java.time.Duration;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/rerank}. */
final class RerankHandler implements Handler {
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final ModelService models;

    RerankHandler(ModelService models) {
        this.models = models;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        RerankQuery query = RerankQuery.parse(JsonBodies.read(exchange));
        ModelConfig model = models.find(query.model());
        RerankResult result;
        try (ModelLease lease = models.lease(model, Cancellation.never())) {
            result = lease.client().rerank(query.toRequest(model), PATIENCE, Cancellation.never());
        }
        ObjectNode json = JsonBodies.object().put("model", model.name()).put("object", "list");
        json.set(
                "usage",
                JsonBodies.object()
                        .put("prompt_tokens", result.getUsage().getPromptTokens())
                        .put("total_tokens", result.getUsage().getTotalTokens()));
        ArrayNode rows = json.putArray("results");
        result.getResultsList().stream().limit(query.most()).forEach(document -> add(rows, document, query));
        JsonBodies.send(exchange, 200, json);
    }

    private static void add(ArrayNode rows, DocumentResult document, RerankQuery query) {
        ObjectNode row =
                rows.addObject().put("index", document.getIndex()).put("relevance_score", document.getRelevanceScore());
        if (query.withText()) {
            row.set("document", JsonBodies.object().put("text", document.getText()));
        }
    }
}
