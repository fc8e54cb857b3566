package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drives the packaged server with OpenAI's own Java client. */
class OfficialClientTest {
    private static final String MODEL = "slipway-demo";

    @TempDir
    static Path home;

    private static RunningServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws Exception {
        server = RunningServer.start(home);
        client = OpenAIOkHttpClient.builder()
                .baseUrl(server.baseUrl() + "/v1")
                .apiKey("none")
                .maxRetries(0)
                .timeout(Duration.ofMinutes(2))
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void listsTheDemoModel() {
        assertThat(client.models().list().data()).anyMatch(model -> model.id().equals(MODEL));
    }

    @Test
    void chats() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(chat("What is Slipway?").temperature(0.0).build());

        ChatCompletion.Choice choice = answer.choices().getFirst();
        assertThat(choice.message().content().orElseThrow()).contains("Slipway").containsIgnoringCase("backend");
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.usage().orElseThrow().promptTokens()).isPositive();
        assertThat(answer.usage().orElseThrow().totalTokens())
                .isEqualTo(answer.usage().orElseThrow().promptTokens()
                        + answer.usage().orElseThrow().completionTokens());
    }

    @Test
    void streamsTheSameTextAsItAnswersAtOnce() {
        ChatCompletionCreateParams params = chat("What is Slipway?")
                .temperature(0.0)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        String atOnce = client.chat()
                .completions()
                .create(chat("What is Slipway?").temperature(0.0).build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();

        StringBuilder streamed = new StringBuilder();
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(chunk -> {
                chunks.add(chunk);
                chunk.choices().forEach(choice -> choice.delta().content().ifPresent(streamed::append));
            });
        }

        assertThat(streamed).hasToString(atOnce);
        assertThat(chunks).hasSizeGreaterThan(5);
        assertThat(chunks.getLast().usage()).isPresent();
        assertThat(chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.finishReason().stream()))
                .containsExactly(ChatCompletionChunk.Choice.FinishReason.STOP);
    }

    @Test
    void completesRawText() {
        Completion completion = client.completions()
                .create(CompletionCreateParams.builder()
                        .model(MODEL)
                        .prompt("The capital of France is")
                        .temperature(0.0)
                        .maxTokens(12)
                        .build());

        assertThat(completion.choices().getFirst().text()).startsWith(" Paris");
    }

    @Test
    void embedsTextsAsUnitVectors() {
        CreateEmbeddingResponse response = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(MODEL)
                        .inputOfArrayOfStrings(List.of("a backend", "an image"))
                        .build());

        assertThat(response.data()).hasSize(2);
        for (Embedding embedding : response.data()) {
            double square = embedding.embedding().stream()
                    .mapToDouble(value -> (double) value * value)
                    .sum();
            assertThat(square).isBetween(0.99, 1.01);
        }
        assertThat(response.data().get(0).embedding())
                .isNotEqualTo(response.data().get(1).embedding());
        assertThat(response.usage().promptTokens()).isPositive();
    }

    @Test
    void tellsHowLikelyTokensWere() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(chat("What is Slipway?")
                        .temperature(0.0)
                        .maxCompletionTokens(5)
                        .logprobs(true)
                        .topLogprobs(3)
                        .build());

        ChatCompletion.Choice choice = answer.choices().getFirst();
        List<ChatCompletionTokenLogprob> tokens =
                choice.logprobs().orElseThrow().content().orElseThrow();
        assertThat(tokens).hasSize(5);
        assertThat(tokens).allSatisfy(token -> {
            assertThat(token.logprob()).isLessThanOrEqualTo(0);
            assertThat(token.topLogprobs()).hasSize(3);
            // At temperature 0 the likeliest one is taken.
            assertThat(token.topLogprobs().getFirst().token()).isEqualTo(token.token());
        });
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
    }

    @Test
    void turnsTheConformanceQuestionIntoACall() {
        ChatCompletion answer = client.chat().completions().create(weather(false));

        ChatCompletion.Choice choice = answer.choices().getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        ChatCompletionMessageFunctionToolCall call =
                choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.id()).isNotBlank();
        assertThat(call.function().name()).isEqualTo("get_weather");
        assertThat(call.function().arguments()).contains("\"location\"").contains("Paris");
        assertThat(choice.message().content().orElse("")).doesNotContain("tool_call");
    }

    @Test
    void streamsACallInFragmentsThatAddUpToTheSameCall() {
        ChatCompletion atOnce = client.chat().completions().create(weather(false));
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(weather(true))) {
            stream.stream().forEach(accumulator::accumulate);
        }

        assertThat(accumulator.chatCompletion().choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(function(accumulator.chatCompletion())).isEqualTo(function(atOnce));
    }

    @Test
    void streamsAWholeRoundTripOfCallResultAndAnswer() {
        ChatCompletionCreateParams question = weather(true);
        ChatCompletion called = streamed(question);
        ChatCompletionMessageFunctionToolCall call = called.choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction();
        assertThat(call.function().arguments()).contains("Paris");
        assertThat(called.choices().getFirst().message().content().orElse("")).isEmpty();

        ChatCompletion answer = streamed(question.toBuilder()
                .addMessage(called.choices().getFirst().message())
                .addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content("{\"temperature\": 18, \"condition\": \"sunny\"}")
                        .build())
                .build());

        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.choices().getFirst().message().toolCalls().orElse(List.of()))
                .isEmpty();
        assertThat(answer.choices().getFirst().message().content().orElseThrow())
                .contains("18", "sunny")
                .doesNotContain("<", "tool_");
    }

    private static ChatCompletion streamed(ChatCompletionCreateParams params) {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion();
    }

    @Test
    void refusesAnUnknownModelByName() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model("no-such-model")
                                .addUserMessage("hello")
                                .build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no-such-model");
    }

    @Test
    void refusesAPromptBeyondTheContextWithBothNumbers() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(chat("word ".repeat(2000)).build()))
                .isInstanceOfSatisfying(BadRequestException.class, error -> {
                    assertThat(error.code()).contains("context_length_exceeded");
                    // One of the 512 is kept for the answer.
                    assertThat(error).hasMessageContaining("511").hasMessageMatching("(?s).*\\b\\d{4}\\b.*");
                });
    }

    @Test
    void endsWithLengthWhenTheLimitCutsTheAnswer() {
        ChatCompletion cut = client.chat()
                .completions()
                .create(chat("What is Slipway?").maxCompletionTokens(3).build());
        ChatCompletion beyond = client.chat()
                .completions()
                .create(chat("Tell me a story.").maxCompletionTokens(100_000).build());

        assertThat(cut.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(cut.usage().orElseThrow().completionTokens()).isEqualTo(3);
        assertThat(beyond.choices().getFirst().message().content()).isPresent();
    }

    private static ChatCompletionCreateParams.Builder chat(String question) {
        return ChatCompletionCreateParams.builder().model(MODEL).addUserMessage(question);
    }

    private static ChatCompletionCreateParams weather(boolean stream) {
        FunctionParameters parameters = FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty(
                        "properties",
                        JsonValue.from(Map.of("location", Map.of("type", "string", "description", "The city name"))))
                .putAdditionalProperty("required", JsonValue.from(List.of("location")))
                .build();
        ChatCompletionCreateParams.Builder params = ChatCompletionCreateParams.builder()
                .model(MODEL)
                .addSystemMessage(
                        "You are a helpful assistant. Use the provided tool when the user asks about weather.")
                .addUserMessage("What's the weather like in Paris, France?")
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder()
                                .name("get_weather")
                                .description("Get the current weather for a given location")
                                .parameters(parameters)
                                .build())
                        .build())
                .temperature(0.0);
        if (stream) {
            params.streamOptions(
                    ChatCompletionStreamOptions.builder().includeUsage(false).build());
        }
        return params.build();
    }

    private static ChatCompletionMessageFunctionToolCall.Function function(ChatCompletion answer) {
        return answer.choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction()
                .function();
    }
}
