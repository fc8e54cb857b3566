package dev.slipway.server.openai;

import dev.slipway.http.Router;
import dev.slipway.server.serving.ModelService;
import java.time.Duration;

/** The routes below {@code /v1}. */
public final class OpenAiApi {
    private final ModelService models;
    private final Duration heartbeat;

    /** @param heartbeat how long a stream may stay silent before a comment is sent */
    public OpenAiApi(ModelService models, Duration heartbeat) {
        this.models = models;
        this.heartbeat = heartbeat;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        Generations generations = new Generations(models);
        ModelsHandler list = new ModelsHandler(models);
        router.route("GET", "/v1/models", list::list)
                .route("GET", "/v1/models/{id...}", list::one)
                .route("POST", "/v1/chat/completions", new ChatHandler(models, generations, heartbeat))
                .route("POST", "/v1/completions", new CompletionHandler(models, generations, heartbeat))
                .route("POST", "/v1/embeddings", new EmbeddingHandler(models))
                .route("POST", "/v1/rerank", new RerankHandler(models));
    }
}
