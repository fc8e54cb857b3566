package dev.slipway.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged and hostile grammars: each becomes a grammar or an error of ours, soon. */
class GrammarFuzzTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final List<String> WHOLE = List.of(
            "root ::= greeting \" \" ( name | \"all\" ) mark? \"!\"{2,3}\ngreeting ::= \"hello\" |\n \"good\"\nname ::= [A-Z] [a-z]+\nmark ::= \",\" [0-9]*",
            "root ::= \"(\" root? \")\" | [^\"\\\\\\x00-\\x1F] . \"\\u4e00\\U0001F600\"",
            "root ::= object\nvalue ::= object | string ws # note\nobject ::= \"{\" ws ( string \":\" ws value (\",\" ws string)* )? \"}\"\nstring ::= \"\\\"\" [^\"]{0,9} \"\\\"\" ws\nws ::= | \" \" | \"\\n\" [ \\t]{0,20}",
            "root ::= ((\"a\"? | \"b\"*){5,1000000000} [\\]a-] \"c\"{0})+ root2{2,}\nroot2 ::= [一-鿿]");

    private static final List<String> BRICKS = List.of(
            "root",
            "::=",
            "|",
            "(",
            ")",
            "[",
            "]",
            "[^",
            "{",
            "}",
            "{2,3}",
            "{0,999999999}",
            "{9}",
            "*",
            "+",
            "?",
            ".",
            "\"",
            "\\",
            "\\x4",
            "\\ud800",
            "\\U0010FFFF",
            "\n",
            "\r",
            "#",
            " ",
            "-",
            "a",
            "ws",
            "é",
            "😀",
            "\uD83D",
            "\u0000",
            "<",
            "\"a\"",
            "a-z",
            "root ::= ",
            "{99999999999}",
            ",");

    @Test
    void damagedGrammarsAreReadOrRefused() {
        fuzz(20_261_120, 2_000);
    }

    @Tag("stress")
    @Test
    void forLong() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        fuzz(seed, 400_000);
    }

    private static void fuzz(long seed, int rounds) {
        Random random = new Random(seed);
        int read = 0;
        for (int round = 0; round < rounds; round++) {
            String text = damaged(random);
            long start = System.nanoTime();
            read += run(text, random) ? 1 : 0;
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("seed %s: %s", seed, text)
                    .isLessThan(SOON);
        }
        assertThat(read).as("grammars that could be read").isBetween(rounds / 20, rounds - rounds / 20);
    }

    private static String damaged(Random random) {
        StringBuilder text = new StringBuilder(WHOLE.get(random.nextInt(WHOLE.size())));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(6));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, BRICKS.get(random.nextInt(BRICKS.size())));
                case 2 -> text.replace(from, to, BRICKS.get(random.nextInt(BRICKS.size())));
                default -> text.insert(from, text.substring(from, Math.min(text.length(), from + random.nextInt(40))));
            }
        }
        return text.toString();
    }

    /** Whether the grammar could be read; then a text of it is begun. */
    private static boolean run(String grammar, Random random) {
        try {
            Language language = Language.gbnf(grammar);
            byte[] noise = new byte[8];
            random.nextBytes(noise);
            language.begins(noise, true);
            language.accepts("good Ann{\"a\":((aab");
            return true;
        } catch (EngineException e) {
            assertThat(e.code()).startsWith("engine.");
            return false;
        }
    }

    static List<String> hostile() {
        String rules = IntStream.range(0, 20_000)
                .mapToObj(i -> "r" + i + " ::= r" + (i + 1) + " \"a\"\n")
                .collect(Collectors.joining());
        String many = IntStream.range(0, 200_000)
                .mapToObj(i -> Character.toString(0x1_0000 + 2 * i))
                .collect(Collectors.joining());
        return List.of(
                "root ::= \"a\"" + "*".repeat(90_000),
                "root ::= \"a\"" + "{2}".repeat(90_000),
                "root ::= " + "(".repeat(300_000),
                "root ::= " + "(".repeat(190) + "\"a\"" + ")?*+{3,}".repeat(190),
                "root ::= [" + many + "]",
                "root ::= [^" + many + "]{3}",
                "root ::= \"" + "a".repeat(1_000_000) + "\"",
                "root ::= " + "[ab] ".repeat(90_000),
                "root ::= (" + "\"a\"? ".repeat(3_000) + ")*",
                "root ::= " + "\"a\" | ".repeat(90_000) + "\"b\"",
                "root ::= " + "| ".repeat(200_000),
                "root ::= r0\n" + rules + "r20000 ::= \"b\"",
                "root ::= r0\n" + rules.replace(" \"a\"", "? \"a\"?") + "r20000 ::= \"b\"",
                "root ::= \"a\"" + "#".repeat(900_000),
                "root ::= (root | \"a\")".repeat(20_000));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileGrammarsEndSoon(String grammar) {
        long start = System.nanoTime();
        run(grammar, new Random(1));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void refusesEndlessRepetitionsOfRepetitionsByPlace() {
        assertThatThrownBy(() -> GbnfParser.parse("root ::= \"a\"" + "*".repeat(90_000)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("line 1, column");
    }
}
