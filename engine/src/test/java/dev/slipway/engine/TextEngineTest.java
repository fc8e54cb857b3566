package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.Answers.Whole;
import dev.slipway.engine.TextEvent.FinishReason;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.model.ModelException;
import dev.slipway.model.QuantisationType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole engine on a small random model, which never ends an answer by itself but by chance. */
class TextEngineTest {
    @TempDir
    Path folder;

    private Path file;
    private TextEngine engine;

    @BeforeEach
    void open() throws IOException {
        file = new TinyModel("llama", QuantisationType.Q8_0, true, 256, 11).writeTo(folder);
        engine = TextEngines.open(file, EngineOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static TextRequest request(String prompt, SamplingOptions sampling, int tokens, String... stops) {
        return new TextRequest(new Prompt.Raw(prompt), sampling, OptionalInt.of(tokens), List.of(stops), true);
    }

    private static TextRequest greedy(String prompt, int tokens, String... stops) {
        return request(prompt, SamplingOptions.GREEDY, tokens, stops);
    }

    private static SamplingOptions seeded(long seed) {
        return new SamplingOptions(1.2f, 50, 0.95f, 0.01f, OptionalLong.of(seed));
    }

    @Test
    void saysWhatItLoaded() {
        ModelInfo info = engine.model();
        assertThat(info.name()).isEqualTo("Tiny");
        assertThat(info.architecture()).isEqualTo("llama");
        assertThat(info.contextLength()).isEqualTo(256);
        assertThat(info.embeddingLength()).isEqualTo(TinyModel.WIDTH);
        assertThat(info.vocabularySize()).isEqualTo(TinyModel.VOCABULARY);
        assertThat(KernelProviders.describe()).startsWith(info.provider() + ": ");
        assertThat(info.toolParser()).startsWith("hermes");
        assertThat(info.memoryBytes()).isGreaterThan(info.parameterCount());
    }

    @Test
    void generatesUpToTheLimit() {
        Whole answer = Answers.of(engine, greedy("Hello", 20));
        assertThat(answer.reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.completionTokens()).isEqualTo(20);
        assertThat(answer.end().usage().promptTokens()).isEqualTo(5);
        assertThat(answer.events().getFirst()).isEqualTo(new TextEvent.Started(5));
        assertThat(answer.text()).isNotEmpty();
        assertThat(Answers.of(engine, greedy("Hello", 20)).text()).isEqualTo(answer.text());
    }

    @Test
    void givesTheSameTextWithEveryProviderAndAnyNumberOfThreads() {
        String text = Answers.of(engine, greedy("Hello", 60)).text();
        for (String provider : KernelProviders.names()) {
            for (int threads : new int[] {1, 2, 99}) {
                try (TextEngine other = TextEngines.open(
                        file,
                        EngineOptions.DEFAULT
                                .withThreads(threads)
                                .withProvider(provider)
                                .withToolParser("none")
                                .withSlots(1))) {
                    assertThat(other.model().provider()).isEqualTo(provider);
                    assertThat(Answers.of(other, greedy("Hello", 60)).text()).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void endsWithLengthWhenTheContextIsFull() {
        TextRequest request = new TextRequest(
                new Prompt.Raw("x".repeat(250)), SamplingOptions.GREEDY, OptionalInt.of(1000), List.of(), true);
        Whole answer = Answers.of(engine, request);
        assertThat(answer.reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.completionTokens()).isEqualTo(6);
    }

    @Test
    void refusesAPromptThatFillsTheContextWithBothNumbers() {
        for (int length : new int[] {256, 257, 5000}) {
            assertThatThrownBy(() -> engine.submit(greedy("x".repeat(length), 5)))
                    .isInstanceOfSatisfying(EngineException.class, e -> {
                        assertThat(e.code()).isEqualTo("engine.context-overflow");
                        assertThat(e.kind()).isEqualTo(ErrorKind.INVALID);
                    })
                    .hasMessageContainingAll(String.valueOf(length), "255");
        }
        assertThat(Answers.of(engine, greedy("x".repeat(255), 5)).completionTokens())
                .isEqualTo(1);
        assertThatThrownBy(() -> engine.embed("x".repeat(257))).hasMessageContainingAll("257", "256");
        assertThatThrownBy(() -> engine.submit(greedy("", 5))).hasMessageContaining("empty");
    }

    @Test
    void shortensAPromptOnlyWhenAllowedAndTellsByHowMuch() {
        String text = "a".repeat(200) + "b".repeat(150);
        Whole answer = Answers.of(engine, greedy(text, 40).allowingTruncation());
        TextEvent.Usage usage = answer.end().usage();
        assertThat(usage.promptTokens()).isEqualTo(256 - 40);
        assertThat(usage.leftOutTokens()).isEqualTo(350 - usage.promptTokens());
        assertThat(answer.completionTokens()).isEqualTo(40);
        assertThat(answer.text())
                .isEqualTo(Answers.of(engine, greedy(text.substring(350 - 216), 40))
                        .text());
        assertThat(Answers.of(engine, greedy("short", 4).allowingTruncation())
                        .end()
                        .usage()
                        .leftOutTokens())
                .isZero();
    }

    @Test
    void leavesOutTheOldestTurnsOfAConversationButNeverTheSystemsWords() {
        List<Prompt.Message> messages = new ArrayList<>();
        messages.add(Prompt.Message.of("system", "S"));
        for (int i = 0; i < 6; i++) {
            messages.add(Prompt.Message.of("user", "q" + i + "x".repeat(30)));
            messages.add(Prompt.Message.of("assistant", "a" + i + "y".repeat(10)));
        }
        messages.add(Prompt.Message.of("user", "last"));
        Prompt.Chat chat = new Prompt.Chat(messages, List.of(), Map.of());
        TextRequest request = new TextRequest(chat, SamplingOptions.GREEDY, OptionalInt.of(10), List.of(), true);
        assertThatThrownBy(() -> engine.submit(request)).hasMessageContaining("255");
        TextEvent.Usage usage =
                Answers.of(engine, request.allowingTruncation()).end().usage();
        int all = engine.tokenize(engine.render(chat)).size();
        assertThat(usage.promptTokens() + usage.leftOutTokens()).isEqualTo(all);
        List<Integer> fitting = new ArrayList<>();
        for (int turns = 0; turns <= 6; turns++) {
            List<Prompt.Message> kept = new ArrayList<>(messages.subList(1 + 2 * turns, messages.size()));
            kept.addFirst(messages.getFirst());
            int count = engine.tokenize(engine.render(new Prompt.Chat(kept, List.of(), Map.of())))
                    .size();
            if (count <= 246) {
                fitting.add(count);
            }
        }
        assertThat(usage.promptTokens()).isEqualTo(fitting.getFirst());

        Prompt.Chat tooLong = new Prompt.Chat(List.of(Prompt.Message.of("user", "x".repeat(300))), List.of(), Map.of());
        assertThatThrownBy(() -> engine.submit(
                        TextRequest.of(tooLong, SamplingOptions.GREEDY).allowingTruncation()))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.context-overflow"));
    }

    @Test
    void stopsBeforeAStopStringAndGivesNoPartOfIt() {
        String text = Answers.of(engine, greedy("Hello", 60)).text();
        String stop = text.substring(20, 24);
        Whole answer = Answers.of(engine, greedy("Hello", 60, stop));
        assertThat(answer.reason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.text()).isEqualTo(text.substring(0, text.indexOf(stop)));
    }

    @Test
    void streamsWholeCharactersOnly() {
        Whole answer = Answers.of(engine, request("Hello", seeded(1), 200));
        for (TextEvent event : answer.events()) {
            if (event instanceof TextEvent.Content content) {
                assertThat(content.text()).isNotEmpty();
                assertThat(Character.isHighSurrogate(
                                content.text().charAt(content.text().length() - 1)))
                        .isFalse();
            }
        }
    }

    @Test
    void repeatsItselfWithTheSameSeedAloneAndInABatch() {
        List<String> alone = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            alone.add(Answers.of(engine, request("Prompt " + seed, seeded(seed), 60))
                    .text());
        }
        List<Generation> together = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            together.add(engine.submit(request("Prompt " + seed, seeded(seed), 60)));
        }
        for (int seed = 0; seed < 6; seed++) {
            try (Generation generation = together.get(seed)) {
                assertThat(Answers.read(generation).text()).isEqualTo(alone.get(seed));
            }
        }
        assertThat(Answers.of(engine, request("Prompt 0", seeded(99), 60)).text())
                .isNotEqualTo(alone.getFirst());
    }

    @Test
    void penaltiesCountAnswersApartFromEachOther() {
        SamplingOptions punished =
                seeded(7).withPenalties(new Penalties(1.3f, 20, 1.5f, 0.5f)).withTypicalP(0.8f);
        String alone = Answers.of(engine, request("Prompt", punished, 60)).text();
        List<Generation> together = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            together.add(engine.submit(request(i == 2 ? "Prompt" : "Prompt " + i, punished, 60)));
        }
        for (int i = 0; i < 4; i++) {
            String text = Answers.read(together.get(i)).text();
            assertThat(text.equals(alone)).isEqualTo(i == 2);
        }
        assertThat(Answers.of(engine, request("Prompt", seeded(7), 60)).text()).isNotEqualTo(alone);
    }

    @Test
    void reportsHowLikelyEveryTokenWas() {
        Whole plain = Answers.of(engine, greedy("Hello", 30));
        Whole answer = Answers.of(engine, greedy("Hello", 30).withLogprobs(3));
        List<TokenLogprob> tokens = answer.logprobs();
        assertThat(answer.text()).isEqualTo(plain.text());
        assertThat(tokens).hasSize(30).allSatisfy(token -> {
            assertThat(token.alternatives()).hasSize(3);
            // Greedy: the token itself is the likeliest.
            assertThat(token.alternatives().getFirst().token()).isEqualTo(token.token());
            assertThat(token.alternatives().getFirst().logprob()).isEqualTo(token.logprob());
            assertThat(token.alternatives().get(1).logprob()).isBetween(-100.0, token.logprob());
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokens.forEach(token -> bytes.writeBytes(token.bytes()));
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(plain.text());
    }

    @Test
    void reportsTheModelsOwnDistributionWhateverChangesTheChoice() {
        TextRequest plain = greedy("Hello", 1).withLogprobs(20);
        TokenLogprob first = Answers.of(engine, plain).logprobs().getFirst();
        SamplingOptions banned = SamplingOptions.GREEDY.withLogitBias(Map.of(first.token(), -100f));
        TokenLogprob second = Answers.of(engine, request("Hello", banned, 1).withLogprobs(20))
                .logprobs()
                .getFirst();
        assertThat(second.token()).isEqualTo(first.alternatives().get(1).token());
        assertThat(second.logprob()).isEqualTo(first.alternatives().get(1).logprob());
        assertThat(second.alternatives().getFirst().token()).isEqualTo(first.token());
    }

    @Test
    void refusesABiasOfTokensThatAreNone() {
        SamplingOptions bias = SamplingOptions.GREEDY.withLogitBias(Map.of(TinyModel.VOCABULARY, 1f));
        assertThatThrownBy(() -> engine.submit(request("Hello", bias, 1)))
                .hasMessageContaining(String.valueOf(TinyModel.VOCABULARY));
    }

    @Test
    void failsOnlyTheRequestThatBansEverything() {
        Map<Integer, Float> all = new HashMap<>();
        for (int token = 0; token < TinyModel.VOCABULARY; token++) {
            all.put(token, -100f);
        }
        try (Generation other = engine.submit(greedy("One", 50));
                Generation none = engine.submit(request("x", SamplingOptions.GREEDY.withLogitBias(all), 5))) {
            assertThatThrownBy(() -> Answers.read(none)).hasMessageContaining("No token is left");
            assertThat(Answers.read(other).completionTokens()).isEqualTo(50);
        }
        assertThat(engine.metrics().runningSlots()).isZero();
    }

    @Test
    void letsStreamsInterleave() throws IOException {
        openWithLongContext();
        try (Generation first = engine.submit(greedy("One", 60_000));
                Generation second = engine.submit(greedy("Two", 5))) {
            // The second request is short and comes later: it must not wait for the first one's end.
            assertThat(Answers.read(second).completionTokens()).isEqualTo(5);
            assertThat(engine.metrics().runningSlots()).isEqualTo(1);
            assertThat(first.next(Answers.PATIENCE)).contains(new TextEvent.Started(3));
        }
    }

    @Test
    void runsMoreRequestsThanSlots() {
        List<Generation> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(engine.submit(greedy("Request " + i, 10)));
        }
        for (Generation generation : many) {
            assertThat(Answers.read(generation).completionTokens()).isEqualTo(10);
        }
    }

    /** A context that no request comes to the end of while a test looks elsewhere. */
    private void openWithLongContext() throws IOException {
        engine.close();
        file = new TinyModel("llama", QuantisationType.Q8_0, true, 1 << 16, 11).writeTo(folder);
        engine = TextEngines.open(file, EngineOptions.DEFAULT);
    }

    @Test
    void stopsWhenCancelled() throws IOException {
        openWithLongContext();
        Generation generation = engine.submit(greedy("One", 60_000));
        assertThat(generation.next(Answers.PATIENCE)).contains(new TextEvent.Started(3));
        generation.cancel();
        assertThatThrownBy(() -> {
                    while (generation.next(Answers.PATIENCE).isPresent()) {}
                })
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
        // Its slot is free again before the next token of anybody else.
        Answers.of(engine, greedy("Two", 2));
        assertThat(engine.metrics().runningSlots()).isZero();
        assertThat(engine.metrics().completionTokens()).isEqualTo(2);
    }

    @Test
    void waitsNoLongerThanAsked() {
        try (Generation generation = engine.submit(greedy("One", 1))) {
            Answers.read(generation);
            assertThat(generation.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void rendersChatsWithTheModelsOwnTemplate() {
        var chat = new Prompt.Chat(List.of(Prompt.Message.of("user", "Hi")), List.of(Map.of("name", "tool")), Map.of());
        String expected = "<|im_start|>user\nHi<|im_end|>1 tools <tool_call><|im_start|>assistant\n";
        assertThat(engine.render(chat)).isEqualTo(expected);
        Whole answer = Answers.of(engine, TextRequest.of(chat, SamplingOptions.GREEDY));
        assertThat(answer.end().usage().promptTokens())
                .isEqualTo(engine.tokenize(expected).size());
    }

    @Test
    void turnsTextIntoTokensAndBack() {
        assertThat(engine.tokenize("ab<|im_end|>")).containsExactly((int) 'a', (int) 'b', TinyModel.END_OF_TURN);
        String text = "naïve 日本 🙂";
        assertThat(engine.detokenize(engine.tokenize(text))).isEqualTo(text);
        assertThatThrownBy(() -> engine.detokenize(List.of(99999))).hasMessageContaining("99999");
        assertThatThrownBy(() -> engine.detokenize(List.of(-1))).hasMessageContaining("-1");
    }

    @Test
    void embedsTexts() {
        Embedding first = engine.embed("A text");
        Embedding again = engine.embed("A text");
        Embedding other = engine.embed("Something else");
        assertThat(first.promptTokens()).isEqualTo(6);
        assertThat(first.values()).hasSize(TinyModel.WIDTH).isEqualTo(again.values());
        assertThat(first.values()).isNotEqualTo(other.values());
        double squares = 0;
        for (float value : other.values()) {
            squares += value * value;
        }
        assertThat(squares).isCloseTo(1, Offset.offset(1e-5));
        // A long text is read in several passes.
        assertThat(engine.embed("x".repeat(200)).promptTokens()).isEqualTo(200);
    }

    @Test
    void countsWhatItDid() {
        Answers.of(engine, greedy("12345", 10));
        engine.embed("123");
        EngineMetrics metrics = engine.metrics();
        assertThat(metrics.promptTokens()).isEqualTo(8);
        assertThat(metrics.completionTokens()).isEqualTo(10);
        assertThat(metrics.lastPromptTokensPerSecond()).isPositive();
        assertThat(metrics.lastTokensPerSecond()).isPositive();
    }

    @Test
    void shortensTheContextAsAskedAndNeverLengthensIt() {
        try (TextEngine small = TextEngines.open(
                        file, EngineOptions.DEFAULT.withContextLength(32).withSlots(1));
                TextEngine large = TextEngines.open(
                        file, EngineOptions.DEFAULT.withContextLength(99999).withSlots(1))) {
            assertThat(small.model().contextLength()).isEqualTo(32);
            assertThat(large.model().contextLength()).isEqualTo(256);
            assertThatThrownBy(() -> small.submit(greedy("x".repeat(32), 1))).hasMessageContaining("31");
        }
    }

    @Test
    void failsWhatRunsWhenItIsClosed() {
        Generation running = engine.submit(greedy("One", 250));
        engine.close();
        assertThatThrownBy(() -> {
                    Optional<TextEvent> event = running.next(Answers.PATIENCE);
                    while (event.isPresent() && !(event.get() instanceof TextEvent.Finished)) {
                        event = running.next(Answers.PATIENCE);
                    }
                    throw new EngineException("test.finished-first", ErrorKind.CANCELLED, "", "", null);
                })
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
        assertThatThrownBy(() -> engine.submit(greedy("Two", 1))).hasMessageContaining("unloaded");
        engine.close();
    }

    @Test
    void refusesDamagedFilesAndUnknownOptions() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Path cut = folder.resolve("cut.gguf");
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> TextEngines.open(cut, EngineOptions.DEFAULT))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cut.gguf");
        assertThatThrownBy(() -> TextEngines.open(file, EngineOptions.DEFAULT.withProvider("warp")))
                .hasMessageContaining("warp");
        assertThatThrownBy(() -> TextEngines.open(file, EngineOptions.DEFAULT.withToolParser("warp")))
                .hasMessageContaining("warp");
        assertThatThrownBy(() -> EngineOptions.DEFAULT.withSlots(0)).hasMessageContaining("slots");
    }
}
