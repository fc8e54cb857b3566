package dev.slipway.server.openai;

import dev.slipway.base.Cancellation;
import dev.slipway.http.Exchange;
import dev.slipway.http.Handler;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.serving.ModelService;
import java.io.IOException;
import java.time.Duration;

/** {@code POST /v1/chat/completions}. */
final class ChatHandler implements Handler {
    private final ModelService models;
    private final Generations generations;
    private final Duration heartbeat;

    ChatHandler(ModelService models, Generations generations, Duration heartbeat) {
        this.models = models;
        this.generations = generations;
        this.heartbeat = heartbeat;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        ChatRequest request = ChatRequest.parse(JsonBodies.read(exchange));
        ModelConfig model = models.find(request.model());
        PredictOptions options = request.toOptions(model, exchange.requestId());
        Answer answer = new Answer(request.sampling().limit(model), true);
        if (request.stream().wanted()) {
            stream(exchange, request, model, options, answer);
        } else {
            ChatWhole whole = new ChatWhole();
            generations.run(model, options, answer, Cancellation.never(), whole::add);
            JsonBodies.send(exchange, 200, whole.toJson(model.name(), answer));
        }
    }

    private void stream(
            Exchange exchange, ChatRequest request, ModelConfig model, PredictOptions options, Answer answer)
            throws IOException {
        Cancellation cancellation = new Cancellation();
        ChatChunks chunks = new ChatChunks(model.name(), request.stream().usage());
        StreamedAnswer.send(exchange, heartbeat, cancellation, events -> {
            generations.run(model, options, answer, cancellation, part -> {
                for (String chunk : chunks.of(part)) {
                    events.data(chunk);
                }
            });
            for (String chunk : chunks.end(answer)) {
                events.data(chunk);
            }
        });
    }
}
