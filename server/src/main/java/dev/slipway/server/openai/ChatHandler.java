package dev.slipway.server.openai;

import dev.slipway.base.Cancellation;
import dev.slipway.http.Exchange;
import dev.slipway.http.Handler;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.serving.ModelService;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

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
        List<Answer> answers = IntStream.range(0, request.sampling().choices())
                .mapToObj(_ -> new Answer(request.sampling().limit(model), true))
                .toList();
        if (request.stream().wanted()) {
            stream(exchange, request, model, answers);
        } else {
            whole(exchange, request, model, answers);
        }
    }

    private void whole(Exchange exchange, ChatRequest request, ModelConfig model, List<Answer> answers)
            throws IOException {
        List<ChatWhole> choices = answers.stream().map(_ -> new ChatWhole()).toList();
        Cancellation cancellation = Cancellation.never();
        Choices.generate(answers.size(), cancellation, index -> {
            PredictOptions options = request.toOptions(model, index, exchange.requestId());
            generations.run(model, options, answers.get(index), cancellation, choices.get(index)::add);
        });
        JsonBodies.send(exchange, 200, ChatWhole.toJson(model.name(), choices, answers));
    }

    private void stream(Exchange exchange, ChatRequest request, ModelConfig model, List<Answer> answers)
            throws IOException {
        Cancellation cancellation = new Cancellation();
        ChatFrame frame = new ChatFrame(model.name(), request.stream().usage());
        StreamedAnswer.send(exchange, heartbeat, cancellation, events -> {
            Choices.generate(answers.size(), cancellation, index -> {
                PredictOptions options = request.toOptions(model, index, exchange.requestId());
                ChatChunks chunks = new ChatChunks(frame, index);
                generations.run(model, options, answers.get(index), cancellation, part -> {
                    for (String chunk : chunks.of(part)) {
                        events.data(chunk);
                    }
                });
                for (String chunk : chunks.end(answers.get(index).finishReason())) {
                    events.data(chunk);
                }
            });
            if (request.stream().usage()) {
                events.data(frame.usage(Usage.of(answers)));
            }
        });
    }
}
