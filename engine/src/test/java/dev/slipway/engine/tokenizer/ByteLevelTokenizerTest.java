package dev.slipway.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.Vocabulary.Algorithm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ByteLevelTokenizerTest {
    private final ToyVocabulary toy = ToyVocabulary.byteLevel()
            .merge("h", "e")
            .merge("l", "l")
            .merge("he", "ll")
            .merge("Ġ", "w")
            .merge("hell", "o");

    @Test
    void mergesByRankWithinWords() {
        assertThat(toy.texts(toy.tokenizer().encode("hello world", false)))
                .containsExactly("hello", "Ġw", "o", "r", "l", "d");
    }

    @Test
    void theLeftmostOfEqualPairsMergesFirst() {
        ToyVocabulary vocabulary = ToyVocabulary.byteLevel().merge("a", "a");
        assertThat(vocabulary.texts(vocabulary.tokenizer().encode("aaaaa", false)))
                .containsExactly("aa", "aa", "a");
    }

    @Test
    void everyCharacterOfUnicodeComesBack() {
        Tokenizer tokenizer = toy.tokenizer();
        StringBuilder text = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                text.appendCodePoint(codePoint);
            }
        }
        assertThat(tokenizer.decode(tokenizer.encode(text.toString(), true))).isEqualTo(text.toString());
    }

    @Test
    void halfASurrogatePairBecomesTheReplacementCharacter() {
        Tokenizer tokenizer = toy.tokenizer();
        assertThat(tokenizer.decode(tokenizer.encode("a\uD83Db", false))).isEqualTo("a\uFFFDb");
    }

    @Test
    void everyByteHasItsTokenAndBack() {
        Tokenizer tokenizer = toy.tokenizer();
        for (int value = 0; value < 256; value++) {
            assertThat(tokenizer.bytesOf(value)).containsExactly(value);
        }
        assertThat(tokenizer.bytesOf(toy.id("Ġw"))).isEqualTo(" w".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void controlTokensAreFoundOnlyWhenAskedForAndUserDefinedOnesAlways() {
        toy.token("<|end|>", TokenKind.CONTROL)
                .token("<|end|><|end|>", TokenKind.CONTROL)
                .token("<tool_call>", TokenKind.USER_DEFINED);
        Tokenizer tokenizer = toy.tokenizer();
        assertThat(tokenizer.encode("<|end|>", true)).containsExactly(toy.id("<|end|>"));
        assertThat(tokenizer.encode("<|end|>", false)).hasSize(7);
        assertThat(tokenizer.encode("<|end|><|end|><|end|>", true))
                .containsExactly(toy.id("<|end|><|end|>"), toy.id("<|end|>"));
        assertThat(toy.texts(tokenizer.encode("a<tool_call>h", false))).containsExactly("a", "<tool_call>", "h");
        assertThat(tokenizer.isControl(toy.id("<|end|>"))).isTrue();
        assertThat(tokenizer.isControl(toy.id("<tool_call>"))).isFalse();
        assertThat(tokenizer.decode(new int[] {toy.id("<|end|>"), 'a'})).isEqualTo("<|end|>a");
    }

    @Test
    void marksThatReadersOfAnAnswerNeedAreTextWhateverTheVocabularySays() {
        toy.token("<tool_call>", TokenKind.CONTROL).token("<|im_end|>", TokenKind.CONTROL);
        assertThat(toy.tokenizer().isControl(toy.id("<tool_call>"))).isFalse();
        assertThat(toy.tokenizer().isControl(toy.id("<|im_end|>"))).isTrue();
        assertThat(toy.tokenizer().encode("<tool_call>", false)).doesNotContain(toy.id("<tool_call>"));
    }

    @Test
    void aMergeWithoutATokenOnlyStandsBetweenMerges() {
        ToyVocabulary vocabulary = ToyVocabulary.byteLevel()
                .mergeWithoutToken("a", "b")
                .token("abc", TokenKind.NORMAL)
                .merge("ab", "c");
        Tokenizer tokenizer = vocabulary.tokenizer();
        assertThat(vocabulary.texts(tokenizer.encode("abc", false))).containsExactly("abc");
        assertThat(vocabulary.texts(tokenizer.encode("abd", false))).containsExactly("a", "b", "d");
    }

    @Test
    void aByteWithoutATokenIsUnknownOrRefused() {
        ToyVocabulary vocabulary = ToyVocabulary.empty(Algorithm.BYTE_LEVEL_BPE)
                .token("a", TokenKind.NORMAL)
                .token("<unk>", TokenKind.UNKNOWN);
        assertThatThrownBy(() -> vocabulary.tokenizer().encode("ab", false))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("engine.text-not-encodable"));
        assertThat(vocabulary.unknown(1).tokenizer().encode("ab", false)).containsExactly(0, 1);
    }

    @Test
    void aMegabyteWithoutASpaceTakesNoQuadraticTime() {
        Tokenizer tokenizer = ToyVocabulary.byteLevel()
                .merge("a", "a")
                .merge("aa", "aa")
                .merge("aaaa", "aaaa")
                .merge("b", "a")
                .tokenizer();
        String text = "aaab".repeat(250_000);
        int[] tokens =
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> tokenizer.encode(text, false));
        assertThat(tokenizer.decode(tokens)).isEqualTo(text);
    }

    @Test
    void aMergeThatIsNotTwoPartsIsRefused() {
        assertThatThrownBy(() -> new ToyVocabularyWithBadMerge().open())
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("engine.vocabulary-invalid"));
    }

    private static final class ToyVocabularyWithBadMerge {
        Tokenizer open() {
            Vocabulary good = ToyVocabulary.byteLevel().vocabulary();
            return Tokenizers.of(new Vocabulary(
                    good.algorithm(),
                    good.preTokenizer(),
                    good.tokens(),
                    good.kinds(),
                    good.scores(),
                    java.util.List.of("ab"),
                    good.special()));
        }
    }
}
