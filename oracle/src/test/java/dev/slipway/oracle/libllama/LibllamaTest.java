package dev.slipway.oracle.libllama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibllamaTest {
    private static final Path DEMO = Path.of("../demo-model/slipway-demo.gguf");

    @TempDir
    Path folder;

    @BeforeEach
    void needsTheLibrary() {
        assumeTrue(Libllama.folder().isPresent(), Libllama.MISSING);
    }

    private static Libllama open(Path model, PeerOptions options) {
        return Libllama.open(Libllama.folder().orElseThrow(), model, options);
    }

    @Test
    void tellsTokensAndTheirTexts() {
        try (Libllama peer = open(DEMO, PeerOptions.vocabulary())) {
            int[] tokens = peer.tokenize("What is Slipway?", false, true);
            StringBuilder text = new StringBuilder();
            for (int token : tokens) {
                text.append(new String(peer.piece(token, true), StandardCharsets.UTF_8));
            }
            assertThat(text).hasToString("What is Slipway?");
            assertThat(peer.vocabularySize()).isGreaterThan(256);
        }
    }

    @Test
    void givesTheSameLogitsHoweverThePromptIsCut() {
        try (Libllama peer = open(DEMO, PeerOptions.exact(128))) {
            int[] tokens = peer.tokenize("What is Slipway? It is a program that", false, true);
            float[][] whole = peer.logits(tokens, 0, 128);
            float[][] last = peer.logits(tokens, tokens.length - 1, 3);
            assertThat(whole).hasDimensions(tokens.length, peer.vocabularySize());
            assertThat(last).hasDimensions(1, peer.vocabularySize());
            for (int i = 0; i < last[0].length; i++) {
                assertThat(last[0][i]).isCloseTo(whole[tokens.length - 1][i], within(0.3f));
            }
        }
    }

    @Test
    void measuresPasses() {
        try (Libllama peer = open(DEMO, new PeerOptions(false, 512, 4, 1, PeerOptions.Cache.F16))) {
            assertThat(peer.prefill(100)).isPositive();
            assertThat(peer.decode(16, 8, 4)).hasSize(8).doesNotContain(0);
        }
    }

    @Test
    void turnsTheEndOfTheProcessIntoAnErrorWithItsLastLines() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.gguf"), "GGUF, but not really");
        assertThatThrownBy(() -> open(broken, PeerOptions.vocabulary()))
                .hasMessageContaining("Exit status 1")
                .hasMessageContaining("broken.gguf");
    }
}
