package dev.slipway.engine.tokenizer.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitPatternTest {
    private static final String LETTERS = "ab'sS 1\n\r\t.é中🦙ſ٣\u0301";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "(?:a|ab)b?\\b",
                "a*?b|a+b{2,}",
                "(?:ab|a)*b",
                "(?<=a)b|(?<!b)a",
                "\\p{L}++\\s|\\p{L}",
                "(?=a)[ab]{2,3}(?!b)",
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "[\\p{Lu}\\p{M}]*[\\p{Ll}\\p{M}]+",
                "[^\\S\\n]+",
                "\\w+|[^\\w\\s]+"
            })
    void findsWhatTheLibraryFinds(String pattern) {
        Random random = new Random(3);
        SplitPattern ours = SplitPattern.compile(pattern);
        Pattern theirs = Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
        int[] alphabet = LETTERS.codePoints().toArray();
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
            }
            List<String> expected = new ArrayList<>();
            Matcher matcher = theirs.matcher(text);
            int last = -1;
            while (matcher.find()) {
                // An empty match right after another is none here.
                if (matcher.end() > matcher.start() || matcher.start() != last) {
                    expected.add(matcher.start() + "-" + matcher.end());
                }
                last = matcher.end();
            }
            assertThat(matches(ours.finder(text.toString(), 0, text.length())))
                    .as("%s in <%s>", pattern, text)
                    .isEqualTo(expected);
            MatchFinder remembering = ours.finder(text.toString(), 0, text.length());
            remembering.rememberFromNow();
            assertThat(matches(remembering))
                    .as("remembering: %s in <%s>", pattern, text)
                    .isEqualTo(expected);
        }
    }

    private static List<String> matches(MatchFinder finder) {
        List<String> found = new ArrayList<>();
        while (finder.find()) {
            found.add(finder.start() + "-" + finder.end());
        }
        return found;
    }

    static Stream<String> steep() {
        return Stream.of(
                "\\s+$",
                "(?:a|a)*b",
                "(?:a+)+b",
                "\\s*\\s*\\s*x",
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "a(?=.*b)",
                "a(?!.*b)",
                "a++b",
                "(?:a?b?)c|(?:a|ab)+c",
                "[ a]{1,500}b");
    }

    @ParameterizedTest
    @MethodSource("steep")
    void noPatternTakesMoreThanLinearTime(String pattern) {
        endsSoon(pattern, 30_000);
    }

    @Tag("stress")
    @ParameterizedTest
    @MethodSource("steep")
    void noPatternTakesMoreThanLinearTimeOnLongTexts(String pattern) {
        endsSoon(pattern, 300_000);
    }

    private static void endsSoon(String pattern, int length) {
        SplitPattern compiled = SplitPattern.compile(pattern);
        for (String run : List.of("a", " ", "1", "ab", "a ")) {
            String text = run.repeat(length / run.length()) + "!";
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(30), () -> matches(compiled.finder(text, 0, text.length())));
        }
    }

    @Test
    void caseIsIgnoredAsUnicodeHasIt() {
        MatchFinder finder = SplitPattern.compile("(?i:'s|'LL)").finder("'S'ſ'll'Ll's", 0, 11);
        assertThat(matches(finder)).containsExactly("0-2", "2-4", "4-7", "7-10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a)\\1",
                "a**",
                "[[:alpha:]]",
                "(?P<x>a)",
                "(?:a*)*",
                "\\p{Nonsense}",
                "[z-a]",
                "(",
                ")",
                "[a",
                "a{2,1}",
                "a{9999}",
                "\\Qa\\E",
                "(?<=ab)c",
                "*a",
                "a{2}+",
                "(?s:a)",
                "\\p{L",
                "\\x{110000}",
                "[a&&b]",
                "\\"
            })
    void whatIsNotReadIsRefusedByName(String pattern) {
        assertThatThrownBy(() -> SplitPattern.compile(pattern))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("engine.pattern-unsupported"));
    }

    @Test
    void emptyMatchesAreCutsAndEnd() {
        assertThat(matches(SplitPattern.compile("(?=a)").finder("aab", 0, 3))).containsExactly("0-0", "1-1");
    }

    @Test
    void randomPatternsAreReadOrRefusedAndEnd() {
        tryRandomPatterns(5_000);
    }

    @Tag("stress")
    @Test
    void manyRandomPatternsAreReadOrRefusedAndEnd() {
        tryRandomPatterns(200_000);
    }

    private static void tryRandomPatterns(int rounds) {
        Random random = new Random(5);
        String pieces = "ab\\[]()?*+{}|^$.!=<:1,2-pLNsSdiu&'";
        for (int round = 0; round < rounds; round++) {
            StringBuilder pattern = new StringBuilder();
            for (int i = random.nextInt(1, 16); i > 0; i--) {
                pattern.append(pieces.charAt(random.nextInt(pieces.length())));
            }
            try {
                MatchFinder finder = SplitPattern.compile(pattern.toString()).finder("abba 12\nsS", 0, 10);
                assertThat(matches(finder)).hasSizeLessThan(12);
            } catch (EngineException refused) {
                assertThat(refused.code()).isEqualTo("engine.pattern-unsupported");
            }
        }
    }
}
