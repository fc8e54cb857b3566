package dev.slipway.engine.tokenizer.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.slipway.engine.tokenizer.StreamDecoder;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every text and every row of bytes comes back, and none takes long. */
class RoundTripTest {
    private static final int RUN_BYTES = 200_000;

    @TempDir
    Path folder;

    static Stream<ToyFamily> lossless() {
        return PeersTest.families().filter(family -> !family.name.equals("unigram") && !family.name.equals("bert"));
    }

    @ParameterizedTest
    @MethodSource("lossless")
    void randomBytesComeBack(ToyFamily family) throws IOException {
        Tokenizer tokenizer = open(family.gguf());
        Random random = new Random(4);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertThat(tokenizer.decodeBytes(tokenizer.encode(bytes, false))).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("lossless")
    void allAssignedCharactersComeBack(ToyFamily family) throws IOException {
        comesBack(
                family,
                codePoint -> Character.isDefined(codePoint) && Character.getType(codePoint) != Character.PRIVATE_USE);
    }

    @Tag("stress")
    @ParameterizedTest
    @MethodSource("lossless")
    void everyCodePointComesBack(ToyFamily family) throws IOException {
        comesBack(family, codePoint -> true);
    }

    private void comesBack(ToyFamily family, IntPredicate wanted) throws IOException {
        Tokenizer tokenizer = open(family.gguf());
        String text = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(wanted)
                .filter(codePoint -> Character.getType(codePoint) != Character.SURROGATE)
                // SentencePiece writes a space with it, so it cannot be told from one.
                .filter(codePoint -> codePoint != '▁')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        int[] tokens = tokenizer.encode(text.getBytes(StandardCharsets.UTF_8), false);
        assertThat(tokenizer.decode(tokens).equals(text)).isTrue();
        assertThat(streamed(tokenizer, tokens).equals(family.name.equals("spm") ? " " + text : text))
                .isTrue();
    }

    /** Token by token; no part ends within a character. */
    private static String streamed(Tokenizer tokenizer, int[] tokens) {
        StreamDecoder decoder = new StreamDecoder();
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            String part = decoder.push(tokenizer.bytesOf(token));
            if (!part.isEmpty() && Character.isHighSurrogate(part.charAt(part.length() - 1))) {
                fail("Half a character came out after: " + text.substring(Math.max(0, text.length() - 20)));
            }
            text.append(part);
        }
        return text.append(decoder.finish()).toString();
    }

    /** Those that differ in how they cut and merge long runs. */
    static Stream<ToyFamily> shapes() {
        Set<String> names = Set.of("gpt-2", "llama-bpe", "deepseek-llm", "tekken", "spm", "unigram", "bert");
        return PeersTest.families().filter(family -> names.contains(family.name));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void longRunsTakeNoQuadraticTime(ToyFamily family) throws IOException {
        encodeLongRuns(open(family.gguf()));
    }

    @Tag("stress")
    @ParameterizedTest
    @MethodSource("dev.slipway.engine.tokenizer.peer.PeersTest#allFamilies")
    void longRunsTakeNoQuadraticTimeInAnyFamilyAndFile(ToyFamily family) throws IOException {
        encodeLongRuns(open(family.gguf()));
        encodeLongRuns(open(family.json()));
    }

    private static void encodeLongRuns(Tokenizer tokenizer) {
        for (String run : List.of("a", " ", "7", "\n", "the", "中", "\u0301", "🦙", " !", "\r\n ", "A's", "▁")) {
            String text = run.repeat(RUN_BYTES / run.getBytes(StandardCharsets.UTF_8).length);
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> tokenizer.encode(text, true), run);
        }
    }

    private Tokenizer open(byte[] document) throws IOException {
        String name = document[0] == '{' ? "tokenizer.json" : "toy.gguf";
        return Tokenizers.open(Files.write(folder.resolve(name), document));
    }
}
