package dev.slipway.server.openai;

import dev.slipway.base.Cancellation;
import dev.slipway.http.Exchange;
import dev.slipway.http.Handler;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.serving.ModelService;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/completions}: each prompt is one choice of the answer, one after the other. */
final class CompletionHandler implements Handler {
    private final ModelService models;
    private final Generations generations;
    private final Duration heartbeat;

    CompletionHandler(ModelService models, Generations generations, Duration heartbeat) {
        this.models = models;
        this.generations = generations;
        this.heartbeat = heartbeat;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        CompletionRequest request = CompletionRequest.parse(JsonBodies.read(exchange));
        ModelConfig model = models.find(request.model());
        Job job = new Job(exchange, request, model);
        if (request.stream().wanted()) {
            job.stream();
        } else {
            job.whole();
        }
    }

    /** One request under way. */
    private final class Job {
        private final Exchange exchange;
        private final CompletionRequest request;
        private final ModelConfig model;
        private final String id = Ids.next("cmpl-");
        private final long created = Instant.now().getEpochSecond();
        private final Cancellation cancellation = new Cancellation();
        private int promptTokens;
        private int completionTokens;

        Job(Exchange exchange, CompletionRequest request, ModelConfig model) {
            this.exchange = exchange;
            this.request = request;
            this.model = model;
        }

        void whole() throws IOException {
            ObjectNode json = frame();
            ArrayNode choices = json.putArray("choices");
            for (int i = 0; i < request.prompts().size(); i++) {
                StringBuilder text = new StringBuilder();
                String reason = run(i, text::append);
                choices.add(choice(i, text.toString(), reason));
            }
            json.set("usage", Usage.toJson(promptTokens, completionTokens));
            JsonBodies.send(exchange, 200, json);
        }

        void stream() throws IOException {
            StreamedAnswer.send(exchange, heartbeat, cancellation, events -> {
                for (int i = 0; i < request.prompts().size(); i++) {
                    int index = i;
                    String reason = run(index, text -> events.data(chunk(choice(index, text, ""))));
                    events.data(chunk(choice(index, "", reason)));
                }
                if (request.stream().usage()) {
                    ObjectNode last = frame();
                    last.putArray("choices");
                    last.set("usage", Usage.toJson(promptTokens, completionTokens));
                    events.data(JsonBodies.write(last));
                }
            });
        }

        private String run(int index, TextSink sink) throws IOException {
            Answer answer = new Answer(request.sampling().limit(model), false);
            String prompt = request.prompts().get(index);
            generations.run(
                    model, request.toOptions(model, prompt, exchange.requestId()), answer, cancellation, part -> {
                        if (part instanceof AnswerPart.Text(String text)) {
                            sink.accept(text);
                        }
                    });
            promptTokens += answer.promptTokens();
            completionTokens += answer.completionTokens();
            return answer.finishReason();
        }

        private ObjectNode frame() {
            return JsonBodies.object()
                    .put("id", id)
                    .put("object", "text_completion")
                    .put("created", created)
                    .put("model", model.name());
        }

        private String chunk(ObjectNode choice) {
            ObjectNode chunk = frame();
            chunk.putArray("choices").add(choice);
            if (request.stream().usage()) {
                chunk.putNull("usage");
            }
            return JsonBodies.write(chunk);
        }

        private static ObjectNode choice(int index, String text, String finishReason) {
            return JsonBodies.object()
                    .put("text", text)
                    .put("index", index)
                    .putNull("logprobs")
                    .put("finish_reason", finishReason.isEmpty() ? null : finishReason);
        }
    }

    private interface TextSink {
        void accept(String text) throws IOException;
    }
}
