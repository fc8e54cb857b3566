package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.model.ModelException;
import dev.slipway.model.QuantisationType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderEngineTest {
    private static final String TEXT = "The cat, the dog and the house of a zebra?";
    private static final int MEAN = 1;
    private static final int CLS = 2;

    @TempDir
    Path folder;

    private final TinyEncoder plain = new TinyEncoder(0, 0);

    @ParameterizedTest
    @CsvSource({"F32, 1e-5", "F16, 1e-5", "Q8_0, 3e-3"})
    void agreesWithAForwardPassInDoublePrecisionWithEveryProvider(QuantisationType type, double tolerance)
            throws IOException {
        Path file = plain.writeGguf(folder.resolve("tiny.gguf"), type, MEAN);
        plain.roundTo(type);
        for (String provider : KernelProviders.names()) {
            for (int repeats : List.of(1, 7)) {
                try (TextEngine engine = TextEngines.open(
                        file, EngineOptions.DEFAULT.withProvider(provider).withPooling(Pooling.NONE))) {
                    String text = (TEXT + " ").repeat(repeats);
                    Embedding found = engine.embed(text);
                    double[][] expected = expected(engine, text, 0);

                    assertThat(found.vectors()).isEqualTo(expected.length);
                    for (int row = 0; row < expected.length; row++) {
                        assertThat(distance(found.values(), row * TinyEncoder.WIDTH, unit(expected[row])))
                                .as("%s, row %d of %d", provider, row, expected.length)
                                .isLessThan(tolerance);
                    }
                }
            }
        }
    }

    @Test
    void poolsAsTheFileOrTheOptionSays() throws IOException {
        Path mean = plain.writeGguf(folder.resolve("mean.gguf"), QuantisationType.F32, MEAN);
        Path cls = plain.writeGguf(folder.resolve("cls.gguf"), QuantisationType.F32, CLS);
        float[] byMean = vector(mean, EngineOptions.DEFAULT);
        float[] byCls = vector(cls, EngineOptions.DEFAULT);
        float[] byLast = vector(mean, EngineOptions.DEFAULT.withPooling(Pooling.LAST));
        try (TextEngine engine = TextEngines.open(mean, EngineOptions.DEFAULT)) {
            double[][] states = expected(engine, TEXT, 0);
            double[] sum = new double[TinyEncoder.WIDTH];
            for (double[] state : states) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += state[i];
                }
            }
            assertThat(distance(byMean, 0, unit(sum))).isLessThan(1e-4);
            assertThat(distance(byCls, 0, unit(states[0]))).isLessThan(1e-4);
            assertThat(distance(byLast, 0, unit(states[states.length - 1]))).isLessThan(1e-4);
        }
        assertThat(vector(mean, EngineOptions.DEFAULT.withPooling(Pooling.CLS))).isEqualTo(byCls);
    }

    @ParameterizedTest
    @CsvSource({"bert, 0", "roberta, 2", "xlm-roberta, 2"})
    void readsFoldersOfSentenceTransformers(String type, int firstPosition) throws IOException {
        TinyEncoder encoder = new TinyEncoder(0, firstPosition);
        Path model = encoder.writeFolder(folder.resolve("model"), type, "pooling_mode_cls_token");
        try (TextEngine engine = TextEngines.open(model, EngineOptions.DEFAULT)) {
            Embedding found = engine.embed(TEXT);
            int[] tokens = tokens(engine, TEXT);
            double[][] states = new ReferenceEncoder(encoder, firstPosition).states(tokens, new int[tokens.length]);

            assertThat(engine.model().contextLength()).isEqualTo(TinyEncoder.CONTEXT);
            assertThat(found.perToken()).isFalse();
            assertThat(found.promptTokens()).isEqualTo(tokens.length);
            assertThat(distance(found.values(), 0, unit(states[0]))).isLessThan(1e-4);
        }
    }

    @Test
    void refusesPoolingThatItDoesNotKnow() throws IOException {
        Path model = plain.writeFolder(folder.resolve("model"), "bert", "pooling_mode_max_tokens");

        assertThatThrownBy(() -> TextEngines.open(model, EngineOptions.DEFAULT))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("pooling_mode_max_tokens");
    }

    @Test
    void refusesALongTextOrCutsItOnRequest() throws IOException {
        Path file = plain.writeGguf(folder.resolve("tiny.gguf"), QuantisationType.F32, MEAN);
        String text = "cat ".repeat(400);
        try (TextEngine engine = TextEngines.open(file, EngineOptions.DEFAULT);
                TextEngine cutting = TextEngines.open(file, EngineOptions.DEFAULT.withChunking(true));
                TextEngine rows = TextEngines.open(
                        file, EngineOptions.DEFAULT.withChunking(true).withPooling(Pooling.NONE))) {
            assertThatThrownBy(() -> engine.embed(text)).hasMessageContainingAll("402", "160");
            Embedding cut = cutting.embed(text);

            assertThat(cut.vectors()).isEqualTo(1);
            // Three parts, each with two tokens around it.
            assertThat(cut.promptTokens()).isEqualTo(406);
            assertThat(length(cut.values())).isEqualTo(1, offset(1e-5));
            assertThat(rows.embed(text).vectors()).isEqualTo(406);
            assertThat(rows.embed(text).values()).hasSize(406 * TinyEncoder.WIDTH);
        }
    }

    @Test
    void takesTokensInPlaceOfText() throws IOException {
        Path file = plain.writeGguf(folder.resolve("tiny.gguf"), QuantisationType.F32, MEAN);
        try (TextEngine engine = TextEngines.open(file, EngineOptions.DEFAULT)) {
            List<Integer> tokens = engine.tokenize(TEXT);

            assertThat(engine.embed(new EmbeddingInput.Tokens(tokens)).values())
                    .isEqualTo(engine.embed(TEXT).values());
            assertThatThrownBy(() -> engine.embed(new EmbeddingInput.Tokens(List.of(7, 100_000))))
                    .hasMessageContaining("no token 100000");
        }
    }

    @Test
    void ranksWithTheModelsHeadThatReadsBothTexts() throws IOException {
        TinyEncoder judge = new TinyEncoder(1, 0);
        Path file = judge.writeGguf(folder.resolve("judge.gguf"), QuantisationType.F32, 4);
        try (TextEngine engine = TextEngines.open(file, EngineOptions.DEFAULT)) {
            Ranking ranking = engine.rank("the cat?", List.of("a dog", "the cat.", ""));

            assertThat(ranking.method()).isEqualTo(Ranking.Method.CROSS_ENCODER);
            assertThat(ranking.scores()).hasSize(3);
            int[] query = ids(engine.tokenize("the cat?"));
            int[] document = ids(engine.tokenize("a dog"));
            int[] tokens = new int[query.length + document.length + 3];
            int[] types = new int[tokens.length];
            tokens[0] = 2;
            System.arraycopy(query, 0, tokens, 1, query.length);
            tokens[query.length + 1] = 3;
            System.arraycopy(document, 0, tokens, query.length + 2, document.length);
            tokens[tokens.length - 1] = 3;
            java.util.Arrays.fill(types, query.length + 2, tokens.length, 1);
            ReferenceEncoder reference = new ReferenceEncoder(judge, 0);
            double logit = reference.labels(reference.states(tokens, types))[0];
            assertThat((double) ranking.scores().getFirst()).isEqualTo(1 / (1 + Math.exp(-logit)), offset(1e-4));
            assertThatThrownBy(() -> engine.rank("cat ".repeat(200), List.of("dog")))
                    .hasMessageContaining("160");
        }
    }

    @Test
    void ranksByTheAngleBetweenVectorsWithoutAHead() throws IOException {
        Path file = plain.writeGguf(folder.resolve("tiny.gguf"), QuantisationType.F32, MEAN);
        try (TextEngine engine = TextEngines.open(file, EngineOptions.DEFAULT)) {
            Ranking ranking = engine.rank("the cat", List.of("a dog and a house", "the cat"));

            assertThat(ranking.method()).isEqualTo(Ranking.Method.EMBEDDING_SIMILARITY);
            assertThat(ranking.scores().get(1)).isEqualTo(1, offset(1e-5f));
            assertThat(ranking.scores().getFirst()).isLessThan(0.999f);
        }
    }

    @Test
    void writesNoText() throws IOException {
        Path file = plain.writeGguf(folder.resolve("tiny.gguf"), QuantisationType.F32, MEAN);
        try (TextEngine engine = TextEngines.open(file, EngineOptions.DEFAULT)) {
            assertThatThrownBy(() -> engine.submit(TextRequest.of(new Prompt.Raw("x"), SamplingOptions.GREEDY)))
                    .hasMessageContaining("writes no text");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hidden_act", "position_embedding_type", "is_decoder"})
    void refusesOtherFormsByName(String key) throws IOException {
        Path model = plain.writeFolder(folder.resolve("model"), "bert", "pooling_mode_mean_tokens");
        Path config = model.resolve("config.json");
        String value = key.equals("is_decoder") ? "true" : "\"strange\"";
        String changed = Files.readString(config).replaceFirst("\"hidden_act\":\"gelu\",", "");
        Files.writeString(config, "{\"" + key + "\":" + value + "," + changed.substring(1));

        assertThatThrownBy(() -> TextEngines.open(model, EngineOptions.DEFAULT)).hasMessageContaining(key);
    }

    private double[][] expected(TextEngine engine, String text, int firstPosition) {
        int[] tokens = tokens(engine, text);
        return new ReferenceEncoder(plain, firstPosition).states(tokens, new int[tokens.length]);
    }

    /** With the tokens that stand around every text. */
    private static int[] tokens(TextEngine engine, String text) {
        int[] inner = ids(engine.tokenize(text));
        int[] tokens = new int[inner.length + 2];
        tokens[0] = 2;
        System.arraycopy(inner, 0, tokens, 1, inner.length);
        tokens[tokens.length - 1] = 3;
        return tokens;
    }

    private static int[] ids(List<Integer> tokens) {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[] vector(Path file, EngineOptions options) {
        try (TextEngine engine = TextEngines.open(file, options)) {
            return engine.embed(TEXT).values();
        }
    }

    private static double[] unit(double[] vector) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        double[] unit = vector.clone();
        for (int i = 0; i < unit.length; i++) {
            unit[i] /= Math.sqrt(squares);
        }
        return unit;
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    private static double distance(float[] found, int at, double[] expected) {
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += Math.pow(found[at + i] - expected[i], 2);
        }
        return Math.sqrt(squares);
    }
}
