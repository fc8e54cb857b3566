package dev.slipway.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.model.OpenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real vocabularies, with token ids that another implementation gave. Needs the folder SLIPWAY_TEST_DATA. */
class GoldenTokensTest {
    private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-spm", "phi-3"})
    void everyTextGivesTheExpectedTokensAndComesBack(String name) throws IOException {
        String data = System.getenv().getOrDefault("SLIPWAY_TEST_DATA", "");
        Path file = Path.of(data, "tokenizers", "ggml-vocab-" + name + ".gguf");
        if (Files.notExists(file)) {
            System.out.println("skipped: SLIPWAY_TEST_DATA names no folder with tokenizers/" + file.getFileName());
        }
        assumeTrue(Files.exists(file));

        String input = Files.readString(file.resolveSibling(file.getFileName() + ".inp"));
        // Every text is followed by a separator, the last one too.
        List<String> texts =
                List.of(input.substring(0, input.length() - SEPARATOR.length()).split(SEPARATOR, -1));
        List<String> expected = Files.readAllLines(file.resolveSibling(file.getFileName() + ".out"));
        try (OpenModel model = OpenModel.open(file)) {
            Tokenizer tokenizer = Tokenizers.from(model);
            for (int i = 0; i < texts.size(); i++) {
                int[] tokens = tokenizer.encode(texts.get(i), false);
                assertThat(spell(tokens))
                        .as("text %d: <%s>", i, texts.get(i))
                        .isEqualTo(expected.get(i).strip());
                assertThat(tokenizer.decode(tokens)).isEqualTo(texts.get(i));
            }
            assertThat(texts).hasSizeGreaterThan(40).hasSameSizeAs(expected);
        }
    }

    private static String spell(int[] tokens) {
        return IntStream.of(tokens).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }
}
