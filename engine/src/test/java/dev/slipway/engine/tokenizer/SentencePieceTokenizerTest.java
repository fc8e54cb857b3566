package dev.slipway.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.Vocabulary.Algorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencePieceTokenizerTest {
    private final ToyVocabulary toy = ToyVocabulary.sentencePiece()
            .token("▁", TokenKind.NORMAL, -10)
            .token("h", TokenKind.NORMAL, -11)
            .token("i", TokenKind.NORMAL, -12)
            .token("hi", TokenKind.NORMAL, -1)
            .token("▁h", TokenKind.NORMAL, -2)
            .token("▁hi", TokenKind.NORMAL, -3);

    @Test
    void mergesTheHighestScoreFirst() {
        assertThat(toy.texts(toy.tokenizer().encode("hi hih", false))).containsExactly("▁hi", "▁hi", "h");
    }

    @Test
    void readsATextAsIfASpaceCameBeforeItOnlyWhenTheVocabularySaysSo() {
        assertThat(toy.texts(toy.tokenizer().encode("hi", false))).containsExactly("▁hi");
        assertThat(toy.withoutSpacePrefix().texts(toy.tokenizer().encode("hi", false)))
                .containsExactly("hi");
    }

    @Test
    void theSpaceIsPutAgainAfterASpecialTokenAndTakenAwayWhenDecoding() {
        Tokenizer tokenizer = toy.tokenizer();
        int[] tokens = tokenizer.encode("<s>hi</s> hi", true);
        assertThat(toy.texts(tokens)).containsExactly("<s>", "▁hi", "</s>", "▁", "▁hi");
        assertThat(tokenizer.decode(tokens)).isEqualTo("<s>hi</s> hi");
    }

    @Test
    void textThatSpellsAControlTokenIsNoControlToken() {
        assertThat(toy.tokenizer().encode("<s>", false)).doesNotContain(1);
        toy.token("<s", TokenKind.NORMAL, 5);
        assertThat(toy.tokenizer().encode("<s>", false)).doesNotContain(1);
    }

    @Test
    void aCharacterWithoutATokenBecomesItsBytes() {
        Tokenizer tokenizer = toy.tokenizer();
        int[] tokens = tokenizer.encode("h🦙", false);
        assertThat(toy.texts(tokens)).containsExactly("▁h", "<0xF0>", "<0x9F>", "<0xA6>", "<0x99>");
        assertThat(tokenizer.bytesOf(tokens[1])).containsExactly(0xF0);
        assertThat(tokenizer.decode(tokens)).isEqualTo("h🦙");
    }

    @Test
    void withoutByteTokensACharacterIsUnknownOrRefused() {
        ToyVocabulary vocabulary =
                ToyVocabulary.empty(Algorithm.SENTENCE_PIECE_BPE).token("a", TokenKind.NORMAL);
        assertThatThrownBy(() -> vocabulary.tokenizer().encode("b", false))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("engine.text-not-encodable"));
        assertThat(vocabulary
                        .token("<unk>", TokenKind.UNKNOWN)
                        .unknown(1)
                        .tokenizer()
                        .encode("ab", false))
                .containsExactly(0, 1);
    }

    @Test
    void everyCharacterOfUnicodeComesBack() {
        Tokenizer tokenizer = toy.tokenizer();
        StringBuilder text = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            // The sign that stands for a space cannot be told from one; SentencePiece has it so.
            if (!surrogate && codePoint != '▁') {
                text.appendCodePoint(codePoint);
            }
        }
        assertThat(tokenizer.decode(tokenizer.encode(text.toString(), false))).isEqualTo(text.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void agreesWithThePlainRuleOnRandomTexts(boolean piecesWithinWords) {
        long seed = 11;
        Random random = new Random(seed);
        ToyVocabulary vocabulary = ToyVocabulary.sentencePiece().withoutSpacePrefix();
        List<String> pieces = new ArrayList<>(List.of("a", "b", "▁"));
        List<Float> scores = new ArrayList<>(List.of(-50f, -51f, -52f));
        for (int i = 0; i < 40; i++) {
            String piece = pieces.get(random.nextInt(pieces.size())) + "abc▁".charAt(random.nextInt(4));
            boolean withinWord = !piece.matches(".*[abc]▁.*");
            if (!pieces.contains(piece) && (withinWord || !piecesWithinWords)) {
                pieces.add(piece);
                scores.add((float) -random.nextInt(20));
            }
        }
        for (int i = 0; i < pieces.size(); i++) {
            vocabulary.token(pieces.get(i), TokenKind.NORMAL, scores.get(i));
        }
        Tokenizer tokenizer = vocabulary.tokenizer();
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(1, 120); i > 0; i--) {
                text.append("abc ".charAt(random.nextInt(4)));
            }
            List<String> expected = plainRule(text.toString().replace(' ', '▁'), pieces, scores);
            expected.replaceAll(piece -> pieces.contains(piece) ? piece : "<0x63>");
            assertThat(vocabulary.texts(tokenizer.encode(text.toString(), false)))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(expected);
        }
    }

    /** Joins the best pair, again and again, looking at all of them each time. */
    private static List<String> plainRule(String text, List<String> pieces, List<Float> scores) {
        List<String> row = new ArrayList<>(List.of(text.split("")));
        while (true) {
            int best = -1;
            float bestScore = Float.NEGATIVE_INFINITY;
            for (int i = 0; i + 1 < row.size(); i++) {
                int id = pieces.indexOf(row.get(i) + row.get(i + 1));
                if (id >= 0 && scores.get(id) > bestScore) {
                    best = i;
                    bestScore = scores.get(id);
                }
            }
            if (best < 0) {
                return row;
            }
            row.set(best, row.get(best) + row.remove(best + 1));
        }
    }

    @Test
    void aLongTextTakesNoQuadraticTime() {
        Tokenizer tokenizer = toy.tokenizer();
        String text = "hihih hi".repeat(100_000);
        int[] tokens =
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> tokenizer.encode(text, false));
        assertThat(tokenizer.decode(tokens)).isEqualTo(text);
    }

    @Test
    void aMisspelledByteTokenIsRefused() {
        assertThatThrownBy(() -> toy.token("<0xZZ>", TokenKind.BYTE).tokenizer())
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("engine.vocabulary-invalid"));
    }
}
