package dev.slipway.server.openai;

import dev.slipway.base.Cancellation;
import dev.slipway.http.Exchange;
import dev.slipway.http.Handler;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.serving.ModelService;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/completions}: the choices of each prompt one behind the other, generated side by side. */
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
        private final int perPrompt;
        private final List<Answer> answers;

        Job(Exchange exchange, CompletionRequest request, ModelConfig model) {
            this.exchange = exchange;
            this.request = request;
            this.model = model;
            this.perPrompt = request.sampling().choices();
            this.answers = IntStream.range(0, request.prompts().size() * perPrompt)
                    .mapToObj(_ -> new Answer(request.sampling().limit(model), false))
                    .toList();
        }

        void whole() throws IOException {
            List<Choice> choices = answers.stream().map(_ -> new Choice()).toList();
            Choices.generate(answers.size(), cancellation, index -> generate(index, choices.get(index)::add));
            ObjectNode json = frame();
            ArrayNode array = json.putArray("choices");
            for (int i = 0; i < choices.size(); i++) {
                array.add(choices.get(i).toJson(i, answers.get(i).finishReason()));
            }
            json.set("usage", usage().toJson());
            JsonBodies.send(exchange, 200, json);
        }

        void stream() throws IOException {
            StreamedAnswer.send(exchange, heartbeat, cancellation, events -> {
                Choices.generate(answers.size(), cancellation, index -> {
                    Choice choice = new Choice();
                    generate(index, part -> {
                        if (choice.add(part)) {
                            events.data(chunk(choice.toJson(index, "")));
                        }
                    });
                    events.data(chunk(choice.toJson(index, answers.get(index).finishReason())));
                });
                if (request.stream().usage()) {
                    ObjectNode last = frame();
                    last.putArray("choices");
                    last.set("usage", usage().toJson());
                    events.data(JsonBodies.write(last));
                }
            });
        }

        private void generate(int index, Generations.PartSink sink) throws IOException {
            PredictOptions options = request.toOptions(model, index, exchange.requestId());
            generations.run(model, options, answers.get(index), cancellation, sink);
        }

        private Usage usage() {
            Usage sum = Usage.NOTHING;
            for (int from = 0; from < answers.size(); from += perPrompt) {
                sum = sum.plus(Usage.of(answers.subList(from, from + perPrompt)));
            }
            return sum;
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
    }

    /** What of one choice has not been sent yet. */
    private static final class Choice {
        private final StringBuilder text = new StringBuilder();
        private final TokenReports reports = new TokenReports();

        /** Takes the next part; answers whether it was text. */
        boolean add(AnswerPart part) {
            switch (part) {
                case AnswerPart.Text(String more) -> text.append(more);
                case AnswerPart.Reports(List<JsonNode> tokens) -> reports.add(tokens);
                // A plain completion has neither thinking nor calls.
                case AnswerPart.Reasoning _, AnswerPart.ToolCall _ -> {}
            }
            return part instanceof AnswerPart.Text;
        }

        ObjectNode toJson(int index, String finishReason) {
            ObjectNode json = JsonBodies.object().put("text", text.toString()).put("index", index);
            json.set("logprobs", reports.takeCompletion());
            json.put("finish_reason", finishReason.isEmpty() ? null : finishReason);
            text.setLength(0);
            return json;
        }
    }
}
