package dev.slipway.server.openai;

import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ServerException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A request to go on with one or more texts. */
record CompletionRequest(
        String model, List<String> prompts, Sampling sampling, AnswerShape shape, ChatRequest.StreamWish stream) {
    private static final int MOST_PROMPTS = 64;

    CompletionRequest {
        prompts = List.copyOf(prompts);
    }

    static CompletionRequest parse(Fields request) {
        request.refuse("echo", request.flag("echo"), "Echoing the prompt is not offered.", "Leave echo out.");
        request.refuse(
                "suffix",
                request.string("suffix").filter(s -> !s.isEmpty()).isPresent(),
                "Filling in before a suffix is not offered.",
                "Leave suffix out.");
        request.refuse(
                "best_of",
                request.integer("best_of", 1, 128).orElse(1) != 1,
                "Choosing the best of several answers is not offered.",
                "Leave best_of out.");
        return new CompletionRequest(
                request.requiredString("model"),
                prompts(request),
                Sampling.parse(request, LogprobsWish.ofCompletion(request)),
                AnswerShape.parse(request),
                ChatRequest.StreamWish.parse(request));
    }

    private static List<String> prompts(Fields request) {
        JsonNode prompt = request.required("prompt");
        boolean tokens = prompt.isArray() && prompt.valueStream().anyMatch(part -> part.isNumber() || part.isArray());
        request.refuse("prompt", tokens, "A prompt of token numbers is not offered.", "Send text.");
        List<String> prompts = request.strings("prompt", MOST_PROMPTS);
        if (prompts.isEmpty()) {
            throw ServerException.invalidRequest("prompt", "There is no prompt.", "Send at least one.");
        }
        return prompts;
    }

    /** @param choice which of all choices; each prompt has as many as were asked for */
    PredictOptions toOptions(ModelConfig config, int choice, String requestId) {
        PredictOptions.Builder options = PredictOptions.newBuilder()
                .setPrompt(prompts.get(choice / sampling.choices()))
                .setModelIdentity(config.model())
                .setCorrelationId(requestId);
        shape.apply(options);
        sampling.apply(config, choice % sampling.choices(), options);
        return options.build();
    }
}
