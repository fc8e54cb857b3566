package dev.slipway.server.openai;

import dev.slipway.http.Exchange;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.serving.ModelService;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
final class ModelsHandler {
    private final ModelService models;

    ModelsHandler(ModelService models) {
        this.models = models;
    }

    void list(Exchange exchange) throws IOException {
        ObjectNode json = JsonBodies.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        models.all().forEach(model -> data.add(model(model)));
        JsonBodies.send(exchange, 200, json);
    }

    void one(Exchange exchange) throws IOException {
        JsonBodies.send(exchange, 200, model(models.find(exchange.parameter("id"))));
    }

    private static ObjectNode model(ModelConfig model) {
        return JsonBodies.object()
                .put("id", model.name())
                .put("object", "model")
                .put("created", created(model))
                .put("owned_by", "slipway");
    }

    private static long created(ModelConfig model) {
        try {
            return Files.getLastModifiedTime(model.source()).to(TimeUnit.SECONDS);
        } catch (IOException e) {
            // It was removed a moment ago; the next list will not have it.
            return 0;
        }
    }
}
