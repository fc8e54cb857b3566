package dev.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.CommandRun;
import dev.slipway.model.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizeCommandTest {
    @TempDir
    Path folder;

    private Path gguf;

    /** Bytes as they are, one merged pair, one control token. */
    @BeforeEach
    void writeVocabulary() throws IOException {
        List<String> tokens = new ArrayList<>();
        for (char letter = 0; letter < 256; letter++) {
            boolean printable = (letter > ' ' && letter < 0x7F) || (letter > 0xA0 && letter != 0xAD);
            tokens.add(String.valueOf(printable ? letter : (char) (0x100 + unprintableBefore(letter))));
        }
        tokens.addAll(List.of("hi", "<|end|>"));
        int[] kinds = new int[tokens.size()];
        Arrays.fill(kinds, 1);
        kinds[257] = 3;
        gguf = folder.resolve("vocabulary.gguf");
        GgufWriter.create()
                .text("general.architecture", "llama")
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "gpt-2")
                .texts("tokenizer.ggml.tokens", tokens)
                .wholes("tokenizer.ggml.token_type", kinds)
                .texts("tokenizer.ggml.merges", List.of("h i"))
                .whole("tokenizer.ggml.bos_token_id", 257)
                .truth("tokenizer.ggml.add_bos_token", true)
                .writeTo(gguf);
    }

    private static int unprintableBefore(char letter) {
        int count = 0;
        for (char other = 0; other < letter; other++) {
            count += (other > ' ' && other < 0x7F) || (other > 0xA0 && other != 0xAD) ? 0 : 1;
        }
        return count;
    }

    @Test
    void idsComeOutOnOneLineWithoutAnythingAdded() {
        CommandRun run = tokenize("hi<|end|>\n");
        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("256 60 124 101 110 100 124 62 10\n");
        assertThat(run.err()).isEmpty();
        assertThat(tokenize("").out()).isEqualTo("\n");
    }

    @Test
    void specialReadsControlTokensAndAddsWhatTheModelExpects() {
        assertThat(tokenize("hi<|end|>", "--special").out()).isEqualTo("257 256 257\n");
    }

    @Test
    void decodeGivesTheBytesBack() {
        assertThat(tokenize("257 256\n33", "--decode").out()).isEqualTo("hi!");
        assertThat(tokenize("[257, 256]", "--decode", "--special").out()).isEqualTo("<|end|>hi");
        assertThat(tokenize("256", "--decode", "--json").out()).isEqualTo("{\"count\":1,\"text\":\"hi\"}\n");
    }

    @Test
    void jsonHasIdsAndPieces() {
        assertThat(tokenize("hi!", "--json").out())
                .isEqualTo("{\"count\":2,\"tokens\":[256,33],\"pieces\":[\"hi\",\"!\"]}\n");
    }

    @Test
    void aTokenizerJsonWillDoAndSoWillItsFolder() throws IOException {
        Path json = Files.writeString(folder.resolve("tokenizer.json"), """
                {"added_tokens": [], "model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1, "?": 2}, "unk_token": "?"},
                 "pre_tokenizer": {"type": "WhitespaceSplit"}}""");
        for (Path place : List.of(json, folder)) {
            assertThat(CommandRun.of(Map.of(), "b a c", "tokenize", place.toString())
                            .out())
                    .isEqualTo("1 0 2\n");
        }
    }

    @Test
    void whatIsWrongIsSaidWithItsStatus() {
        CommandRun unknown = tokenize("258", "--decode");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("\"258\" is no token").contains("0 to 257");
        CommandRun missing = CommandRun.of(
                Map.of(), "", "tokenize", folder.resolve("none.gguf").toString());
        assertThat(missing.status()).isEqualTo(3);
        assertThat(missing.err()).contains("model.not-found");
        assertThat(CommandRun.of(Map.of(), "", "tokenize").status()).isEqualTo(2);
        assertThat(tokenize("", "--help").out()).contains("Usage: slipway tokenize", "--special", "--decode");
    }

    private CommandRun tokenize(String input, String... options) {
        List<String> arguments = new ArrayList<>(List.of("tokenize", gguf.toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(Map.of(), input, arguments.toArray(String[]::new));
    }
}
