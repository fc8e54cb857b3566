package dev.slipway.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random mixtures of every form's markup: any cut gives the same, and nothing is lost. */
class ParserFuzzTest {
    private static final List<String> BRICKS = List.of(
            "<tool_call>",
            "</tool_call>",
            "<function=a>",
            "<function=",
            "</function>",
            "<parameter=city>",
            "<parameter=days>",
            "</parameter>",
            "<|python_tag|>",
            "[TOOL_CALLS]",
            "[ARGS]",
            "[CALL_ID]",
            "{\"name\":\"a\"",
            "{\"name\":",
            "\"get_weather\"",
            ",\"arguments\":",
            ",\"parameters\":",
            "{\"city\":\"Ulm\"}",
            "{\"city\":\"" + "long ".repeat(20),
            "a",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            "\\u00",
            ",",
            ";",
            ":",
            "null",
            "12",
            " ",
            "\n",
            "```",
            "`",
            "\n```\n",
            "<think>",
            "</think>",
            "<",
            "é",
            "\uD83E",
            "text ");

    @ParameterizedTest
    @EnumSource(ToolForm.class)
    void everyCutGivesTheSameAndNothingIsLost(ToolForm form) {
        fuzz(form, 20_261_120, 1_500);
    }

    @Tag("stress")
    @ParameterizedTest
    @EnumSource(ToolForm.class)
    void forLong(ToolForm form) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        fuzz(form, seed, 300_000);
    }

    private static void fuzz(ToolForm form, long seed, int rounds) {
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            StringBuilder built = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                built.append(BRICKS.get(random.nextInt(BRICKS.size())));
            }
            String answer = built.toString();
            ParsedAnswer whole = Parsers.parse(form, List.of(answer));
            assertThat(Parsers.parse(form, Parsers.letters(answer)))
                    .as("seed %d, letters of: %s", seed, answer)
                    .isEqualTo(whole);
            assertThat(Parsers.parse(form, Parsers.parts(answer, random)))
                    .as("seed %d, parts of: %s", seed, answer)
                    .isEqualTo(whole);
            if (whole.calls().isEmpty() && !answer.contains("<think>")) {
                assertThat(whole.content()).as("seed %d", seed).isEqualTo(answer);
            }
        }
    }

    @Test
    void hostileAnswersTakeTimeInProportionToTheirLength() {
        List<String> bricks = List.of(
                "<tool_call>",
                "<tool_call> ",
                "<tool_call><function=a><parameter=days>",
                "<tool_call>{\"x\":\"",
                "<|python_tag|>{\"a\":",
                "[TOOL_CALLS]a[ARGS]{\"x\":",
                "[{\"name\":\"a\"},",
                "{\"parameters\":{\"x\":",
                "<function=a><parameter=city>x</parameter>",
                "<think>",
                "<",
                "`{",
                "[");
        for (ToolForm form : ToolForm.values()) {
            for (String brick : bricks) {
                String answer = brick.repeat(30_000 / brick.length());
                long start = System.nanoTime();
                Parsers.parse(form, List.of(answer));
                Parsers.parse(form, List.of(answer, "</parameter>x }]}} \u0000"));
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .as("%s: %s", form, brick)
                        .isLessThan(Duration.ofSeconds(5));
            }
        }
    }
}
