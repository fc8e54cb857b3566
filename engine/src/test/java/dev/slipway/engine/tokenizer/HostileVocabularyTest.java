package dev.slipway.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.CodedException;
import dev.slipway.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that contradict themselves, or were made to hurt. */
class HostileVocabularyTest {
    private static final String GOOD = """
            {"added_tokens": [{"id": 4, "content": "<s>", "special": true}],
             "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Prepend", "prepend": "_"}]},
             "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\\\s+|[^\\\\s]+"}, "behavior": "Isolated"},
             "post_processor": {"type": "BertProcessing", "cls": ["<s>", 4], "sep": ["<s>", 4]},
             "decoder": {"type": "Metaspace", "replacement": "_", "prepend_scheme": "always"},
             "model": {"type": "BPE", "unk_token": "?", "vocab": {"a": 0, "b": 1, "ab": 2, "?": 3, "_": 5}, "merges": ["a b"]}}
            """;

    @TempDir
    Path folder;

    @Test
    void theDocumentItselfIsGood() {
        assertThat(open(GOOD).encode("ab ba<s>", true)).containsExactly(5, 2, 3, 1, 0, 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"b\": 1|\"b\": 0",
                "\"b\": 1|\"b\": -1",
                "\"b\": 1|\"b\": 4000000000",
                "\"b\": 1|\"b\": 5000000",
                "\"b\": 1|\"b\": \"x\"",
                "\"a b\"|\"ab\"",
                "\"a b\"|\"a c\"",
                "\"a b\"|[\"a\"]",
                "\"a b\"|7",
                "\"BPE\"|\"Elsewhere\"",
                "\"NFC\"|\"NFX\"",
                "\"Split\"|\"Splat\"",
                "\"Isolated\"|\"Alone\"",
                "\"Metaspace\"|\"CTC\"",
                "\"BertProcessing\"|\"Nothing\"",
                "[\"<s>\", 4]|[\"<s>\", 40]",
                "[\"<s>\", 4]|[\"<s>\"]",
                "\"id\": 4|\"id\": 2000000000",
                "\"always\"|\"sometimes\"",
                "[^|(",
                "{\"added|{{",
                "\"vocab\": {|\"vocab\": [], \"x\": {",
            })
    void whatIsWrongIsRefused(String change) {
        String[] parts = change.split("\\|", 2);
        assertThat(GOOD).contains(parts[0]);
        assertThatThrownBy(() -> open(GOOD.replace(parts[0], parts[1])))
                .isInstanceOfSatisfying(EngineException.class, refusal -> {
                    assertThat(refusal.code())
                            .isIn(
                                    "engine.vocabulary-invalid",
                                    "engine.tokenizer-unsupported",
                                    "engine.pattern-unsupported");
                    assertThat(refusal.hint()).isNotBlank();
                });
    }

    @Test
    void mergesInACircleEnd() {
        Tokenizer tokenizer = open(GOOD.replace("\"ab\": 2", "\"ab\": 2, \"aba\": 6, \"ba\": 7")
                .replace("\"a b\"", "\"a b\", \"b a\", \"ab a\", \"a ba\", \"a b\""));
        String text = "ab".repeat(200_000);
        assertThat(Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> tokenizer.encode(text, false)))
                .isNotEmpty();
    }

    @Test
    void changedBytesAreRefusedOrReadButNeverMore() {
        changeBytes(1_000);
    }

    @Tag("stress")
    @Test
    void manyChangedBytesAreRefusedOrReadButNeverMore() {
        changeBytes(100_000);
    }

    private void changeBytes(int rounds) {
        Random random = new Random(9);
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < rounds; round++) {
            byte[] changed = good.clone();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(32, 127);
            }
            try {
                Tokenizer tokenizer = open(changed);
                tokenizer.decode(tokenizer.frame(tokenizer.encode("ab ba é 🦙 <s>", true)));
            } catch (CodedException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void aFolderWithoutATokenizerSaysSo() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
        assertThatThrownBy(() -> Tokenizers.open(folder)).isInstanceOf(CodedException.class);
    }

    private Tokenizer open(String document) {
        return open(document.getBytes(StandardCharsets.UTF_8));
    }

    private Tokenizer open(byte[] document) {
        try {
            return Tokenizers.open(Files.write(folder.resolve("tokenizer.json"), document));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
