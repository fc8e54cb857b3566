package dev.slipway.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.tool.ParsedAnswer.Call;
import dev.slipway.engine.tool.ToolCallParser.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HermesParserTest {
    private static final String LONG =
            "{\"city\": \"Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson\", \"days\": [1, 2, {\"x\": \"</tool_call>\"}]}";

    static Stream<Arguments> answers() {
        return Stream.of(
                row("just text", "just text"),
                row("", ""),
                row(" \n", " \n"),
                row("  spaces kept \n", "  spaces kept \n"),
                row("a < b and <tool and <tool_cal and </tool_call>", "a < b and <tool and <tool_cal and </tool_call>"),
                row("<tool_call", "<tool_call"),
                row("<<tool_call>{\"name\":\"a\"}</tool_call>", "<", call(0, "a", "{}")),
                row(
                        "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Köln\"}}\n</tool_call>",
                        "",
                        call(0, "get_weather", "{\"city\": \"Köln\"}")),
                row(
                        "Let me see. <tool_call>{\"name\":\"a\",\"arguments\":{}}</tool_call>\n<tool_call>\n"
                                + "{\"arguments\": {\"x\": 1} , \"name\": \"b\"}\n</tool_call>\n",
                        "Let me see.",
                        call(0, "a", "{}"),
                        call(1, "b", "{\"x\": 1}")),
                row("one\n<tool_call>{\"name\":\"a\"}</tool_call>\ntwo\n", "one\n\ntwo", call(0, "a", "{}")),
                row("\n<tool_call>{\"name\":\"a\"}</tool_call>\n\ntwo", "two", call(0, "a", "{}")),
                // Broken markup is shown, whole, and takes no index.
                row(
                        "<tool_call>{bad}</tool_call><tool_call>{\"name\":\"b\"}</tool_call>x",
                        "<tool_call>{bad}</tool_call>x",
                        call(0, "b", "{}")),
                row("<tool_call>{\"name\":\"b\"}", "<tool_call>{\"name\":\"b\"}"),
                row("x <tool_call>{\"name\":\"b\"} y", "x <tool_call>{\"name\":\"b\"} y"),
                row("<tool_call>{\"name\":\"b\"}</tool_", "<tool_call>{\"name\":\"b\"}</tool_"),
                row(
                        "<tool_call>{\"name\":\"b\",\"arguments\":{\"city\":\"Par",
                        "<tool_call>{\"name\":\"b\",\"arguments\":{\"city\":\"Par"),
                row("<tool_call>[1]</tool_call>", "<tool_call>[1]</tool_call>"),
                row("<tool_call>\"a\"</tool_call>", "<tool_call>\"a\"</tool_call>"),
                row("<tool_call>{}</tool_call>", "<tool_call>{}</tool_call>"),
                row("<tool_call>{\"arguments\":{}}</tool_call>", "<tool_call>{\"arguments\":{}}</tool_call>"),
                row("<tool_call>{\"name\":\"\"}</tool_call>", "<tool_call>{\"name\":\"\"}</tool_call>"),
                row("<tool_call>{\"name\":7}</tool_call>", "<tool_call>{\"name\":7}</tool_call>"),
                row(
                        "<tool_call>{\"name\":\"a\",\"arguments\":[1]}</tool_call>",
                        "<tool_call>{\"name\":\"a\",\"arguments\":[1]}</tool_call>"),
                row("<tool_call>{\"name\":\"a\",\"parameters\":{\"x\":1}}</tool_call>", "", call(0, "a", "{\"x\":1}")),
                row(
                        "<tool_call>{\"name\":\"a\",\"parameters\":{},\"arguments\":{}}</tool_call>",
                        "<tool_call>{\"name\":\"a\",\"parameters\":{},\"arguments\":{}}</tool_call>"),
                // Several calls in one block, and the other form of the same tag.
                row(
                        "<tool_call>[{\"name\":\"a\"}, {\"name\":\"b\"}]</tool_call>",
                        "",
                        call(0, "a", "{}"),
                        call(1, "b", "{}")),
                row(
                        "<tool_call>\n<function=a>\n<parameter=x>\n1\n</parameter>\n</function>\n</tool_call>",
                        "",
                        call(0, "a", "{\"x\": 1}")),
                // A call within a call that broke.
                row(
                        "<tool_call>{\"x\": <tool_call>{\"name\":\"a\"}</tool_call>",
                        "<tool_call>{\"x\":",
                        call(0, "a", "{}")),
                // Quoted as code, markup is text.
                row(
                        "Write `<tool_call>{\"name\":\"a\"}</tool_call>` to call.",
                        "Write `<tool_call>{\"name\":\"a\"}</tool_call>` to call."),
                row(
                        "Like so:\n```xml\n<tool_call>{\"name\":\"a\"}</tool_call>\n```\n<tool_call>{\"name\":\"b\"}</tool_call>",
                        "Like so:\n```xml\n<tool_call>{\"name\":\"a\"}</tool_call>\n```",
                        call(0, "b", "{}")),
                row("a ` b\n<tool_call>{\"name\":\"a\"}</tool_call>", "a ` b", call(0, "a", "{}")),
                row("<tool_call>{'name': 'a'}</tool_call>", "<tool_call>{'name': 'a'}</tool_call>"),
                row("<tool_call><tool_call>{\"name\":\"a\"}</tool_call>", "<tool_call>", call(0, "a", "{}")),
                row("<tool_call></tool_call>.", "<tool_call></tool_call>."),
                // The closing tag inside of a string is part of the string.
                row(
                        "<tool_call>{\"name\":\"say\",\"arguments\":{\"t\":\"</tool_call> \\\" }\"}}</tool_call>",
                        "",
                        call(0, "say", "{\"t\":\"</tool_call> \\\" }\"}")),
                // Arguments as a string.
                row(
                        "<tool_call>{\"name\":\"a\",\"arguments\":\"{\\\"x\\\": \\\"\\u00e9\\\\n\\\"}\"}</tool_call>",
                        "",
                        call(0, "a", "{\"x\": \"é\\n\"}")),
                row("<tool_call>{\"name\":\"a\",\"arguments\":\"\"}</tool_call>", "", call(0, "a", "{}")),
                row("<tool_call>{\"name\":\"a\",\"arguments\":null}</tool_call>", "", call(0, "a", "{}")),
                row(
                        "<tool_call>{\"name\":\"a\",\"arguments\":\"Paris\"}</tool_call>",
                        "<tool_call>{\"name\":\"a\",\"arguments\":\"Paris\"}</tool_call>"),
                row(
                        "<tool_call>{\"id\": [1, {\"name\": \"no\"}], \"name\":\"a\", \"n\": -1.5e3, \"t\": true}</tool_call>",
                        "",
                        call(0, "a", "{}")),
                row("<tool_call>{\"name\":\"long\",\"arguments\":" + LONG + "}</tool_call>", "", call(0, "long", LONG)),
                row(
                        "<tool_call>{\"arguments\":" + LONG + ",\"name\":\"long\"}</tool_call> ok",
                        "ok",
                        call(0, "long", LONG)),
                // What has begun to stream cannot be taken back.
                row(
                        "<tool_call>{\"name\":\"long\",\"arguments\":" + LONG.substring(0, 80),
                        "",
                        call(0, "long", LONG.substring(0, 80))),
                row(
                        "<tool_call>{\"name\":\"long\",\"arguments\":" + LONG + "} and on",
                        "and on",
                        call(0, "long", LONG)),
                row(
                        "<tool_call>{\"name\":\"l\",\"arguments\":" + LONG.substring(0, 70) + " oops}}</tool_call> on",
                        "on",
                        call(0, "l", LONG.substring(0, 70) + " oops}}")));
    }

    private static Arguments row(String answer, String content, Call... calls) {
        return Arguments.of(answer, new ParsedAnswer(content, "", List.of(calls)));
    }

    private static Call call(int index, String name, String arguments) {
        return new Call(index, name, arguments);
    }

    static Stream<Arguments> thinking() {
        return Stream.of(
                thought("<think>\nhm\n</think>\n\nYes.", "Yes.", "hm"),
                thought(
                        "\n<think>a <b> </thin c</think>Yes <think>x</think>",
                        "Yes <think>x</think>",
                        "a <b> </thin c"),
                thought("<think>never ended ", "", "never ended"),
                thought("<think>a</", "", "a</"),
                thought("<think></think>x", "x", ""),
                thought("<think>a</think>\n<think>b</think>x", "x", "a\n\nb"),
                thought("<thin", "<thin", ""),
                Arguments.of(
                        "<think>I call <tool_call></think>\n<tool_call>{\"name\":\"a\"}</tool_call>",
                        new ParsedAnswer("", "I call <tool_call>", List.of(call(0, "a", "{}")))));
    }

    private static Arguments thought(String answer, String content, String reasoning) {
        return Arguments.of(answer, new ParsedAnswer(content, reasoning, List.of()));
    }

    @ParameterizedTest
    @MethodSource({"answers", "thinking"})
    void everyWayOfCuttingAnAnswerGivesTheSame(String answer, ParsedAnswer expected) {
        Parsers.assertEverySplit(ToolForm.HERMES, answer, expected);
    }

    @Test
    void randomMixturesOfMarkupNeverLoseTextAndGiveTheSameForEveryCut() {
        long seed = 42;
        Random random = new Random(seed);
        String[] bricks = {
            "<tool_call>",
            "</tool_call>",
            "{\"name\":\"f\"",
            ",\"arguments\":",
            "{\"a\":1}",
            "}",
            "\"",
            "\\",
            " ",
            "\n",
            "<think>",
            "</think>",
            "x",
            "<",
            "{",
            "null",
            "[",
            "]",
            LONG
        };
        for (int round = 0; round < 3_000; round++) {
            StringBuilder answer = new StringBuilder();
            for (int i = random.nextInt(14); i >= 0; i--) {
                answer.append(bricks[random.nextInt(bricks.length)]);
            }
            ParsedAnswer whole = parse(List.of(answer.toString()));
            assertThat(parse(letters(answer.toString())))
                    .as("seed %d: %s", seed, answer)
                    .isEqualTo(whole);
            if (whole.calls().isEmpty() && !answer.toString().contains("<think>")) {
                assertThat(whole.content()).isEqualTo(answer.toString());
            }
        }
    }

    @Test
    void plainTextIsHeldBackOnlyWhileATagCanHaveBegun() {
        ToolCallParser parser = Parsers.of(ToolForm.HERMES);
        assertThat(parser.push("Hello")).containsExactly(new Piece.Content("Hello"));
        assertThat(parser.push(" wor")).containsExactly(new Piece.Content(" wor"));
        assertThat(parser.push("ld <tool_")).containsExactly(new Piece.Content("ld"));
        assertThat(parser.push("box>")).containsExactly(new Piece.Content(" <tool_box>"));
        assertThat(parser.finish()).isEmpty();
    }

    @Test
    void longArgumentsArriveInFragmentsAfterIdIndexAndName() {
        ToolCallParser parser = Parsers.of(ToolForm.HERMES);
        List<Piece> pieces = new ArrayList<>();
        for (String letter : letters("<tool_call>{\"name\":\"long\",\"arguments\":" + LONG + "}</tool_call>")) {
            pieces.addAll(parser.push(letter));
        }
        assertThat(parser.finish()).isEmpty();
        assertThat(pieces).hasSizeGreaterThan(10).allMatch(piece -> piece instanceof Piece.Call);
        Piece.Call first = (Piece.Call) pieces.getFirst();
        assertThat(first.id()).matches("call_[0-9a-f]{24}");
        assertThat(first.name()).isEqualTo("long");
        assertThat(first.argumentsFragment()).isEmpty();
    }

    @Test
    void nestingBeyondTheLimitIsNoCall() {
        String deep = "<tool_call>{\"name\":\"a\",\"arguments\":{\"x\":" + "[".repeat(1_000_000);
        ParsedAnswer answer = parse(List.of("\"".repeat(3), deep));
        assertThat(answer.content().length()
                        + answer.calls().stream()
                                .mapToInt(call -> call.arguments().length())
                                .sum())
                .isGreaterThan(999_000);
    }

    private static ParsedAnswer parse(List<String> parts) {
        return ParsedAnswer.of(Parsers.of(ToolForm.HERMES), parts);
    }

    private static List<String> letters(String text) {
        return Parsers.letters(text);
    }
}
