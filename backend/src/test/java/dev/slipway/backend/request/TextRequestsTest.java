package dev.slipway.backend.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.backend.BackendException;
import dev.slipway.base.CodedException;
import dev.slipway.engine.Constraint;
import dev.slipway.engine.Penalties;
import dev.slipway.engine.Prompt;
import dev.slipway.engine.SamplingOptions;
import dev.slipway.engine.TextRequest;
import dev.slipway.protocol.Message;
import dev.slipway.protocol.PredictOptions;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextRequestsTest {
    private static final String WEATHER =
            "[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"parameters\":{}}}]";

    private static PredictOptions.Builder raw() {
        return PredictOptions.newBuilder().setPrompt("Hi");
    }

    private static PredictOptions.Builder chat() {
        return PredictOptions.newBuilder()
                .setUseTokenizerTemplate(true)
                .addMessages(Message.newBuilder().setRole("user").setContent("Hi"));
    }

    private static Prompt.Chat chatOf(PredictOptions.Builder options) {
        return (Prompt.Chat) TextRequests.from(options.build()).prompt();
    }

    @Test
    void numbersThatWereNeverSetMeanTheirDefaults() {
        TextRequest request = TextRequests.from(raw().build());
        assertThat(request.prompt()).isEqualTo(new Prompt.Raw("Hi"));
        assertThat(request.sampling()).isEqualTo(SamplingOptions.GREEDY);
        assertThat(request.maxTokens()).isEmpty();
        assertThat(request.stop()).isEmpty();
        assertThat(request.ignoreEndOfSequence()).isFalse();
    }

    @Test
    void numbersThatWereSetReachTheEngine() {
        TextRequest request = TextRequests.from(raw().setTokens(20)
                .setTemperature(0.5f)
                .setTopK(40)
                .setTopP(0.9f)
                .setMinP(0.05f)
                .setSeed(-7)
                .addStopPrompts("\n")
                .addStopPrompts("")
                .addStopPrompts("\n")
                .setIgnoreEOS(true)
                .build());
        assertThat(request.maxTokens()).hasValue(20);
        assertThat(request.sampling())
                .isEqualTo(new SamplingOptions(0.5f, 40, 0.9f, 0.05f, java.util.OptionalLong.of(-7)));
        assertThat(request.stop()).containsExactly("\n");
        assertThat(request.ignoreEndOfSequence()).isTrue();
    }

    @Test
    void everyWayOfSamplingReachesTheEngine() {
        SamplingOptions sampling = TextRequests.from(raw().setTypicalP(0.7f)
                        .setPenalty(1.1f)
                        .setRepeat(-1)
                        .setFrequencyPenalty(0.5f)
                        .setPresencePenalty(-0.25f)
                        .setLogitBias("{\"17\": -100, \" 4\": 2.5}")
                        .build())
                .sampling();
        assertThat(sampling.typicalP()).isEqualTo(0.7f);
        assertThat(sampling.penalties()).isEqualTo(new Penalties(1.1f, -1, 0.5f, -0.25f));
        assertThat(sampling.logitBias()).isEqualTo(Map.of(17, -100f, 4, 2.5f));
        assertThat(TextRequests.from(raw().setPenalty(1.1f).build()).sampling().penalties())
                .isEqualTo(new Penalties(1.1f, 64, 0, 0));
    }

    @Test
    void logProbabilitiesAreAskedForByEitherField() {
        assertThat(TextRequests.from(raw().build()).logprobs()).isEmpty();
        assertThat(TextRequests.from(raw().setLogprobs(1).build()).logprobs()).hasValue(0);
        assertThat(TextRequests.from(raw().setLogprobs(1).setTopLogprobs(5).build())
                        .logprobs())
                .hasValue(5);
        assertThat(TextRequests.from(raw().setTopLogprobs(20).build()).logprobs())
                .hasValue(20);
    }

    static Stream<Arguments> wrongValues() {
        return Stream.of(
                wish("logit bias of token 1", options -> options.setLogitBias("{\"1\":-101}")),
                wish("LogitBias", options -> options.setLogitBias("{\"x\":1}")),
                wish("LogitBias", options -> options.setLogitBias("{\"1\":\"x\"}")),
                wish("LogitBias", options -> options.setLogitBias("[1]")),
                wish("LogitBias", options -> options.setLogitBias("{")),
                wish("token of a logit bias", options -> options.setLogitBias("{\"-1\":1}")),
                wish("repeat penalty", options -> options.setPenalty(-1)),
                wish("looks back", options -> options.setPenalty(2).setRepeat(-2)),
                wish("frequency penalty", options -> options.setFrequencyPenalty(2.1f)),
                wish("presence penalty", options -> options.setPresencePenalty(Float.NaN)),
                wish("typical-p", options -> options.setTypicalP(1.1f)),
                wish("alternatives", options -> options.setTopLogprobs(21)),
                wish("alternatives", options -> options.setTopLogprobs(-1)));
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void valuesOutOfRangeAreRefused(String part, UnaryOperator<PredictOptions.Builder> change) {
        PredictOptions options = change.apply(raw()).build();
        assertThatThrownBy(() -> TextRequests.from(options))
                .isInstanceOf(CodedException.class)
                .hasMessageContaining(part);
    }

    @Test
    void minusOneMeansNoLimitAndNoSeed() {
        TextRequest request =
                TextRequests.from(raw().setTokens(-1).setTopK(-1).setSeed(-1).build());
        assertThat(request.maxTokens()).isEmpty();
        assertThat(request.sampling()).isEqualTo(SamplingOptions.GREEDY);
    }

    @Test
    void defaultsThatHostsAlwaysSendPass() {
        PredictOptions.Builder options = raw().setTailFreeSamplingZ(1)
                .setTypicalP(1)
                .setMirostatETA(0.1f)
                .setMirostatTAU(5)
                .setPenalty(1)
                .setRepeat(64)
                .setNKeep(4)
                .setBatch(512)
                .setThreads(4)
                .setF16KV(true)
                .setMMap(true)
                .setPromptCacheAll(true)
                .setNDraft(8)
                .setCorrelationId("17")
                .setRopeFreqScale(1)
                .setLogitBias("{}")
                .setTools(WEATHER);
        assertThat(TextRequests.from(options.build()).prompt()).isEqualTo(new Prompt.Raw("Hi"));
    }

    static Stream<Arguments> refusedWishes() {
        return Stream.of(
                wish("Images", options -> options.addImages("aGk=")),
                wish("Videos", options -> options.addVideos("aGk=")),
                wish("Audios", options -> options.addAudios("aGk=")),
                wish("Mirostat", options -> options.setMirostat(2)),
                wish("TailFreeSamplingZ", options -> options.setTailFreeSamplingZ(0.9f)),
                wish("NegativePrompt", options -> options.setNegativePrompt("no")),
                wish("RopeFreqBase", options -> options.setRopeFreqBase(1e6f)),
                wish("RopeFreqScale", options -> options.setRopeFreqScale(0.5f)));
    }

    private static Arguments wish(String name, UnaryOperator<PredictOptions.Builder> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest
    @MethodSource("refusedWishes")
    void wishesThatCannotBeFulfilledAreRefusedByName(String name, UnaryOperator<PredictOptions.Builder> change) {
        PredictOptions options = change.apply(raw()).build();
        assertThatThrownBy(() -> TextRequests.from(options))
                .isInstanceOfSatisfying(
                        BackendException.class, e -> assertThat(e.code()).isEqualTo("backend.unsupported-option"))
                .hasMessageContaining("sets " + name + ",");
    }

    @Test
    void aConversationIsReadWhole() {
        Prompt.Chat chat = chatOf(chat().addMessages(Message.newBuilder()
                        .setRole("assistant")
                        .setReasoningContent("Hm.")
                        .setToolCalls("[{\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"))
                .addMessages(Message.newBuilder()
                        .setRole("tool")
                        .setName("f")
                        .setToolCallId("1")
                        .setContent("42"))
                .setTools(WEATHER));
        assertThat(chat.messages()).hasSize(3);
        assertThat(chat.messages().get(1).toolCalls())
                .containsExactly(Map.of("id", "1", "function", Map.of("name", "f", "arguments", "{}")));
        assertThat(chat.messages().get(1).reasoning()).isEqualTo("Hm.");
        assertThat(chat.messages().get(2)).isEqualTo(new Prompt.Message("tool", "42", "f", "1", "", List.of()));
        assertThat(chat.tools()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "\"none\""})
    void toolChoiceNoneHidesTheTools(String choice) {
        assertThat(chatOf(chat().setTools(WEATHER).setToolChoice(choice)).tools())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auto", "\"auto\""})
    void toolChoiceAutoShowsTheTools(String choice) {
        assertThat(chatOf(chat().setTools(WEATHER).setToolChoice(choice)).tools())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"required", "\"required\"", "any"})
    void aRequiredCallIsAConstraint(String choice) {
        PredictOptions.Builder options = chat().setTools(WEATHER).setToolChoice(choice);
        assertThat(TextRequests.from(options.build()).constraint()).isEqualTo(new Constraint.ToolCalls("", false));
        assertThat(TextRequests.from(options.putMetadata("parallel_tool_calls", "true")
                                .build())
                        .constraint())
                .isEqualTo(new Constraint.ToolCalls("", true));
        assertThat(chatOf(options).tools()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", "{\"name\":\"f\"}"})
    void aNamedCallIsAConstraint(String choice) {
        PredictOptions options = chat().setTools(WEATHER).setToolChoice(choice).build();
        assertThat(TextRequests.from(options).constraint()).isEqualTo(new Constraint.ToolCalls("f", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"always", "{\"type\":\"function\"}", "\"\\\"x\\\"\""})
    void anUnknownToolChoiceIsRefused(String choice) {
        PredictOptions options = chat().setTools(WEATHER).setToolChoice(choice).build();
        assertThatThrownBy(() -> TextRequests.from(options)).hasMessageContaining("ToolChoice");
    }

    @Test
    void aGrammarOrAFormatIsAConstraint() {
        assertThat(TextRequests.from(raw().setGrammar("root ::= \"a\"").build()).constraint())
                .isEqualTo(new Constraint.Gbnf("root ::= \"a\""));
        assertThat(format("{\"type\":\"json_object\"}")).isEqualTo(new Constraint.JsonObject());
        assertThat(format("{\"type\":\"text\"}")).isEqualTo(Constraint.NONE);
        assertThat(
                        format(
                                "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"b\":0.10,\"a\":null}}}"))
                .isEqualTo(new Constraint.JsonSchema("{\"b\":0.10,\"a\":null}"));
        assertThatThrownBy(() -> format("{\"type\":\"json_schema\"}")).hasMessageContaining("no schema");
        assertThatThrownBy(() -> format("{\"type\":\"xml\"}")).hasMessageContaining("xml");
        assertThatThrownBy(() -> TextRequests.from(raw().setGrammar("root ::= \"a\"")
                        .putMetadata("response_format", "{\"type\":\"json_object\"}")
                        .build()))
                .hasMessageContaining("one only");
    }

    private static Constraint format(String format) {
        return TextRequests.from(raw().putMetadata("response_format", format).build())
                .constraint();
    }

    @Test
    void templateArgumentsComeFromTheMetadataThatTemplatesKnow() {
        Prompt.Chat chat = chatOf(chat().putMetadata("enable_thinking", "false")
                .putMetadata("reasoning_effort", "low")
                .putMetadata("chat_template_kwargs", "{\"style\":\"short\",\"absent\":null}")
                .putMetadata("trace", "17"));
        assertThat(chat.templateArguments())
                .isEqualTo(Map.of("enable_thinking", false, "reasoning_effort", "low", "style", "short"));
    }

    @Test
    void explicitTemplateArgumentsWin() {
        Prompt.Chat chat = chatOf(chat().putMetadata("enable_thinking", "false")
                .putMetadata("chat_template_kwargs", "{\"enable_thinking\":true}"));
        assertThat(chat.templateArguments()).isEqualTo(Map.of("enable_thinking", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{}", "[1]", "[null]", "17", "null", "[{}] x"})
    void malformedToolsAreTheCallersError(String tools) {
        PredictOptions options = chat().setTools(tools).build();
        assertThatThrownBy(() -> TextRequests.from(options))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("Tools");
    }

    @Test
    void aTemplateWithoutMessagesFallsBackToThePrompt() {
        PredictOptions.Builder options = PredictOptions.newBuilder().setUseTokenizerTemplate(true);
        assertThatThrownBy(() -> TextRequests.from(options.build())).hasMessageContaining("Messages");
        assertThat(TextRequests.from(options.setPrompt("Hi").build()).prompt()).isEqualTo(new Prompt.Raw("Hi"));
    }

    @Test
    void nestedJsonBeyondAnySenseIsRefused() {
        PredictOptions options = chat().setTools("[".repeat(100_000)).build();
        assertThatThrownBy(() -> TextRequests.from(options)).isInstanceOf(BackendException.class);
    }
}
