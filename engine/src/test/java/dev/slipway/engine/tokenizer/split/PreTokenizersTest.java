package dev.slipway.engine.tokenizer.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreTokenizersTest {
    private static final String TEXT =
            "I'm 'LL  1234 HTMLParser's\n\n x…!\tü 中文 a/b\u3000٣½ 'Re'VE\u00a0e\u0301\r\n  \r\n!!\n/\n$1`2 ǅa\u200db 🦙";

    /** Checked against the published rules with Python's module regex. */
    static Stream<Arguments> words() {
        return Stream.of(
                Arguments.of(
                        "gpt-2",
                        "I|'m| '|LL| | 1234| HTMLParser|'s|\n\n| x|…!|\t|ü| 中文| a|/|b|\u3000|٣½| '|Re|'|VE|\u00a0|e|\u0301|\r\n  \r|\n|!!|\n|/|\n|$|1|`|2| ǅa|\u200d|b| 🦙"),
                Arguments.of(
                        "default",
                        "I|'|m| |'|LL| | |123|4| HTMLParser|'|s|\n\n| x|…!|\t|ü| 中文| a|/|b|\u3000|٣½| |'|Re|'|VE|\u00a0|e|\u0301|\r\n  \r\n|!!|\n|/|\n|$|1|`|2| ǅa|\u200d|b| 🦙"),
                Arguments.of(
                        "falcon",
                        "I|'|m| |'|LL| | |123|4| HTMLParser|'|s|\n\n| x|…!|\t|ü| 中文| a|/|b|\u3000|٣½| |'|Re|'|VE|\u00a0|e|\u0301|\r\n  \r\n|!!|\n|/|\n|$|1|`|2| ǅa|\u200d|b| 🦙"),
                Arguments.of(
                        "llama-bpe",
                        "I|'m| '|LL| | |123|4| HTMLParser|'s|\n\n| x|…!|\tü| 中文| a|/b|\u3000|٣½| '|Re|'VE|\u00a0e|\u0301\r\n|  \r\n|!!\n|/\n|$|1|`|2| ǅa|\u200db| 🦙"),
                Arguments.of(
                        "qwen2",
                        "I|'m| '|LL| | |1|2|3|4| HTMLParser|'s|\n\n| x|…!|\tü| 中文| a|/b|\u3000|٣|½| '|Re|'VE|\u00a0e|\u0301\r\n|  \r\n|!!\n|/\n|$|1|`|2| ǅa|\u200db| 🦙"),
                Arguments.of(
                        "smollm",
                        "I|'m| '|LL|  |1|2|3|4| HTMLParser|'s|\n\n| x|…!|\t|ü| 中文| a|/|b|\u3000|٣|½| '|Re|'|VE|\u00a0|e|\u0301|\r\n  \r|\n|!!|\n|/|\n|$|1|`|2| ǅa|\u200d|b| 🦙"),
                Arguments.of(
                        "tekken",
                        "I|'m| '|LL| | |1|2|3|4| HTMLParser|'s|\n\n| x|…!|\tü| 中文| a|/b|\u3000|٣|½| '|Re|'VE|\u00a0e\u0301|\r\n  \r\n|!!\n/\n|$|1|`|2| ǅa|\u200db| 🦙"),
                Arguments.of(
                        "deepseek-coder",
                        "I|'|m| '|LL|  |1|2|3|4| HTMLParser|'|s|\n|\n| x|…|!|\tü| |中文| a|/|b|\u3000|٣|½| '|Re|'|VE|\u00a0e|\u0301|\r|\n|  |\r|\n|!!|\n|/|\n|$|1|`|2| ǅa|\u200d|b| 🦙"));
    }

    @ParameterizedTest
    @MethodSource("words")
    void eachRuleCutsAsItsModelsWereTrained(String name, String words) {
        assertThat(String.join("|", split(name, TEXT))).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default",
                "gpt-2",
                "llama-bpe",
                "qwen2",
                "smollm",
                "falcon",
                "tekken",
                "deepseek-coder",
                "deepseek-llm",
                "mpt"
            })
    void theWordsTogetherAreTheTextAndLongRunsTakeNoQuadraticTime(String name) {
        for (String run : List.of(" ", "a", "A", "1", "\n", " \n", "!", "a ", "'", "中", "\u0301", " !", "Aa")) {
            String text = run.repeat(100_000) + "x";
            List<String> words = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> split(name, text));
            assertThat(String.join("", words)).isEqualTo(text);
        }
    }

    @Test
    void anUnknownNameIsRefusedByName() {
        assertThatThrownBy(() -> PreTokenizers.named("qwen9"))
                .isInstanceOfSatisfying(EngineException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("engine.pre-tokenizer-unknown");
                    assertThat(refusal.getMessage()).contains("\"qwen9\"");
                    assertThat(refusal.hint()).contains("qwen2");
                });
    }

    private static List<String> split(String name, String text) {
        List<String> words = new ArrayList<>();
        PieceSink sink = (piece, from, to, first) -> words.add(piece.substring(from, to));
        PreTokenizers.named(name).splitter().start(sink).piece(text, 0, text.length(), true);
        return words;
    }
}
