package dev.slipway.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.tool.ParsedAnswer.Call;
import dev.slipway.engine.tool.ToolCallParser.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms beside Hermes. */
class OtherFormsTest {
    private static final String TEXT = "Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson, \\\"quoted\\\" and more of it";

    static Stream<Arguments> llama() {
        return rows(
                ToolForm.LLAMA3_JSON,
                row("just text", "just text"),
                row("{\"answer\": 42, \"list\": [1, {}]}", "{\"answer\": 42, \"list\": [1, {}]}"),
                row("[1, 2] and {} and [x](y)", "[1, 2] and {} and [x](y)"),
                row("{\"name\": \"Bob\", \"age\": 3}", "{\"name\": \"Bob\", \"age\": 3}"),
                row("{\"name\": \"a\", \"age\": 3}", "{\"name\": \"a\", \"age\": 3}"),
                row("{\"name\": \"a\", \"parameters\": {\"x\": 1}}", "", call("a", "{\"x\": 1}")),
                row("{\"name\": \"\\u0061\", \"arguments\": {}}", "", call("a", "{}")),
                row(
                        "{\"type\": \"function\", \"name\": \"a\", \"parameters\": {\"x\": \"a } b { c\"}}",
                        "",
                        call("a", "{\"x\": \"a } b { c\"}")),
                row("Let me see. {\"name\":\"a\",\"parameters\":{}}\n", "Let me see.", call("a", "{}")),
                row(
                        "<|python_tag|>{\"name\":\"zz\",\"parameters\":{\"x\":{\"y\":[1]}}}",
                        "",
                        call("zz", "{\"x\":{\"y\":[1]}}")),
                row("<|python_tag|>print('hi')", "<|python_tag|>print('hi')"),
                row("<|python_tag|>{\"name\":\"a\"", "<|python_tag|>{\"name\":\"a\""),
                row("{\"name\":\"a\",\"parameters\":{\"x\":1}", "{\"name\":\"a\",\"parameters\":{\"x\":1}"),
                // An object inside of another is data.
                row(
                        "{\"calls\": {\"name\":\"a\",\"parameters\":{}}}",
                        "{\"calls\": {\"name\":\"a\",\"parameters\":{}}}"),
                row("```json\n{\"name\":\"a\"}\n```", "```json\n{\"name\":\"a\"}\n```"),
                row(
                        "{\"parameters\": {\"x\": 1}, \"name\": \"b\"};\n{\"name\":\"a\"}; ok",
                        "ok",
                        call("b", "{\"x\": 1}"),
                        call("a", "{}")),
                row("{\"name\":\"a\",\"arguments\":\"{\\\"x\\\": 1}\"}", "", call("a", "{\"x\": 1}")),
                row(
                        "{\"name\":\"a\",\"parameters\":{\"city\":\"" + TEXT + "\"}}",
                        "",
                        call("a", "{\"city\":\"" + TEXT + "\"}")));
    }

    static Stream<Arguments> xml() {
        return rows(
                ToolForm.QWEN3_XML,
                row("a < b <function and <tool_call", "a < b <function and <tool_call"),
                row(
                        "Text.\n<tool_call>\n<function=a>\n<parameter=city>\nKöln\n</parameter>\n<parameter=days>\n2\n"
                                + "</parameter>\n</function>\n</tool_call>",
                        "Text.",
                        call("a", "{\"city\": \"Köln\", \"days\": 2}")),
                row(
                        "<tool_call><function=a><parameter=zip>01234</parameter></function>"
                                + "<function=b><parameter=zip>12345</parameter><parameter=code>01234</parameter>"
                                + "<parameter=limit>7</parameter></function></tool_call> and on",
                        "and on",
                        call("a", "{\"zip\": \"01234\"}"),
                        call("b", "{\"zip\": \"12345\", \"code\": \"01234\", \"limit\": 7}")),
                row(
                        "<tool_call><function=a><parameter=code>-1.5e3</parameter><parameter=exact>True</parameter>"
                                + "<parameter=where>{\"x\": [1]}</parameter><parameter=list>[1, 2]</parameter>"
                                + "<parameter=maybe>None</parameter><parameter=unit>C</parameter>"
                                + "<parameter=place>\n{\"y\": null}\n</parameter></function></tool_call>",
                        "",
                        call(
                                "a",
                                "{\"code\": -1.5e3, \"exact\": true, \"where\": {\"x\": [1]}, \"list\": [1, 2], "
                                        + "\"maybe\": null, \"unit\": \"C\", \"place\": {\"y\": null}}")),
                row(
                        "<tool_call><function=a><parameter=days>5.5</parameter><parameter=where>{'x': 1}</parameter>"
                                + "<parameter=maybe>text</parameter></function></tool_call>",
                        "",
                        call("a", "{\"days\": \"5.5\", \"where\": \"{'x': 1}\", \"maybe\": \"text\"}")),
                row(
                        "<tool_call><function=a><parameter=city>\n  two\nlines </b> \"q\" \\ \t\n\n</parameter></function></tool_call>",
                        "",
                        call("a", "{\"city\": \"  two\\nlines </b> \\\"q\\\" \\\\ \\t\\n\"}")),
                row(
                        "<tool_call><function=a><parameter=city></parameter><parameter=zip>\n</parameter></function></tool_call>",
                        "",
                        call("a", "{\"city\": \"\", \"zip\": \"\"}")),
                row("<tool_call><function=a></function></tool_call>", "", call("a", "{}")),
                row("<function=a>\n</function>\n</tool_call>", "", call("a", "{}")),
                row("<function=unknown>\n</function>", "<function=unknown>\n</function>"),
                row("<tool_call><function=unknown></function></tool_call>", "", call("unknown", "{}")),
                row("<tool_call><function=a></function>", "<tool_call><function=a></function>"),
                row(
                        "<tool_call><function=a>junk</function></tool_call>",
                        "<tool_call><function=a>junk</function></tool_call>"),
                row(
                        "<tool_call><function=a><parameter=x>1</parameter><parameter=x>2</parameter></function></tool_call>",
                        "<tool_call><function=a><parameter=x>1</parameter><parameter=x>2</parameter></function></tool_call>"),
                row("<tool_call><function=></function></tool_call>", "<tool_call><function=></function></tool_call>"),
                row("<tool_call></tool_call>.", "<tool_call></tool_call>."),
                row(
                        "<think>I <tool_call> hm</think><tool_call><function=b></function></tool_call>",
                        "",
                        "I <tool_call> hm",
                        call("b", "{}")));
    }

    static Stream<Arguments> mistral() {
        return rows(
                ToolForm.MISTRAL,
                row("text [x] [TOOL", "text [x] [TOOL"),
                row("[TOOL_CALLS]a[ARGS]{\"x\": {\"y\": 1}}", "", call("a", "{\"x\": {\"y\": 1}}")),
                row(
                        "Hm. [TOOL_CALLS]a[CALL_ID]abc123XYZ[ARGS]{}[TOOL_CALLS]b {\"q\":[]}",
                        "Hm. [TOOL_CALLS]b {\"q\":[]}",
                        call("a", "{}")),
                row("[TOOL_CALLS]a{\"x\":1}[TOOL_CALLS]b[ARGS] {}", "", call("a", "{\"x\":1}"), call("b", "{}")),
                row(
                        "[TOOL_CALLS] [{\"name\": \"a\", \"arguments\": {}, \"id\": \"abc123XYZ\"}] [TOOL_CALLS][{\"name\":\"b\"}]",
                        "",
                        call("a", "{}"),
                        call("b", "{}")),
                row("[TOOL_CALLS]", "[TOOL_CALLS]"),
                row("[TOOL_CALLS][]", "[TOOL_CALLS][]"),
                row("[TOOL_CALLS]a[ARGS]", "[TOOL_CALLS]a[ARGS]"),
                row("[TOOL_CALLS]a[ARGS]{\"x\":1", "[TOOL_CALLS]a[ARGS]{\"x\":1"),
                row("[TOOL_CALLS]two words", "[TOOL_CALLS]two words"),
                row("[TOOL_CALLS][1] z", "[TOOL_CALLS][1] z"),
                row("see `[TOOL_CALLS]a[ARGS]{}`", "see `[TOOL_CALLS]a[ARGS]{}`"));
    }

    /** The rows that LocalAI's parsers were seen to get wrong, and those that they get right. */
    static Stream<Arguments> golden() {
        return Stream.of(
                        rows(
                                ToolForm.HERMES,
                                row(
                                        "<tool_call>{bad}</tool_call><tool_call>{\"name\":\"b\"}</tool_call>x",
                                        "<tool_call>{bad}</tool_call>x",
                                        call("b", "{}")),
                                row(
                                        "<tool_call>{\"name\":\"a\",\"arguments\":{\"t\":\"</tool_call>\"}}</tool_call>",
                                        "",
                                        call("a", "{\"t\":\"</tool_call>\"}")),
                                row(
                                        "<tool_call>{\"name\":\"a\",\"arguments\":\"{\\\"x\\\":1}\"}</tool_call>",
                                        "",
                                        call("a", "{\"x\":1}")),
                                row("<tool_call>{\"name\":\"b\"}", "<tool_call>{\"name\":\"b\"}")),
                        rows(
                                ToolForm.LLAMA3_JSON,
                                row(
                                        "[{\"name\":\"a\",\"arguments\":{}},{\"name\":\"b\",\"arguments\":{}}]",
                                        "",
                                        call("a", "{}"),
                                        call("b", "{}")),
                                row(
                                        "<|python_tag|>{\"name\":\"a\",\"parameters\":{}}; {\"name\":\"zz\",\"parameters\":{}}",
                                        "",
                                        call("a", "{}"),
                                        call("zz", "{}")),
                                row(
                                        "{\"name\":\"a\",\"arguments\":{\"x\":{\"y\":1}}}",
                                        "",
                                        call("a", "{\"x\":{\"y\":1}}")),
                                row(
                                        "text {\"k\":1} more {\"name\":\"a\",\"arguments\":{}}",
                                        "text {\"k\":1} more",
                                        call("a", "{}"))),
                        rows(
                                ToolForm.QWEN3_XML,
                                row("<tool_call>{\"name\":\"a\"}</tool_call>x", "x", call("a", "{}")),
                                row(
                                        "<tool_call><function=undeclared><parameter=zip>01234</parameter>"
                                                + "<parameter=n>12</parameter><parameter=b>-1.5</parameter>"
                                                + "<parameter=c>None</parameter><parameter=a>{\"x\":1}</parameter></function></tool_call>",
                                        "",
                                        call(
                                                "undeclared",
                                                "{\"zip\": \"01234\", \"n\": 12, \"b\": -1.5, \"c\": \"None\", \"a\": {\"x\":1}}"))),
                        rows(
                                ToolForm.MISTRAL,
                                row(
                                        "t [TOOL_CALLS][{\"name\":\"a\",\"arguments\":{\"l\":[{\"q\":1}]}}] z",
                                        "t  z",
                                        call("a", "{\"l\":[{\"q\":1}]}")),
                                row("[TOOL_CALLS]{\"name\":\"a\",\"arguments\":{}}", "", call("a", "{}"))),
                        rows(
                                ToolForm.PASSTHROUGH,
                                row(
                                        "<tool_call>{\"name\":\"a\"}</tool_call>",
                                        "<tool_call>{\"name\":\"a\"}</tool_call>")))
                .flatMap(rows -> rows);
    }

    /** An answer and what it says; calls are numbered by their order. */
    private record Row(String answer, ParsedAnswer expected) {}

    private static Row row(String answer, String content, Call... calls) {
        return row(answer, content, "", calls);
    }

    private static Row row(String answer, String content, String reasoning, Call... calls) {
        List<Call> numbered = new ArrayList<>();
        for (Call call : calls) {
            numbered.add(new Call(numbered.size(), call.name(), call.arguments()));
        }
        return new Row(answer, new ParsedAnswer(content, reasoning, numbered));
    }

    private static Call call(String name, String arguments) {
        return new Call(0, name, arguments);
    }

    private static Stream<Arguments> rows(ToolForm form, Row... rows) {
        return Stream.of(rows).map(row -> Arguments.of(form, row.answer(), row.expected()));
    }

    @ParameterizedTest
    @MethodSource({"llama", "xml", "mistral", "golden"})
    void everyWayOfCuttingAnAnswerGivesTheSame(ToolForm form, String answer, ParsedAnswer expected) {
        Parsers.assertEverySplit(form, answer, expected);
    }

    @ParameterizedTest
    @EnumSource(ToolForm.class)
    void aPlainAnswerWaitsNoLongerThanTheLongestMark(ToolForm form) {
        String answer =
                "In 2 steps: [see](x), a < b, {\"key\": 1} `code` <b>bold</b> and [TOOL or <tool or <|py or <function.";
        ToolCallParser parser = Parsers.of(form);
        int sent = 0;
        for (int at = 0; at < answer.length(); at++) {
            for (Piece piece : parser.push(answer.substring(at, at + 1))) {
                sent += ((Piece.Content) piece).text().length();
            }
            assertThat(at + 1 - sent)
                    .as("%s: held back after %d", form, at)
                    .isLessThanOrEqualTo("<|python_tag|>".length());
        }
        assertThat(Parsers.of(form).push("In 2")).contains(new Piece.Content("In 2"));
    }

    @ParameterizedTest
    @MethodSource("longCalls")
    void longArgumentsComeInFragmentsAfterIdIndexAndName(ToolForm form, String answer) {
        ToolCallParser parser = Parsers.of(form);
        List<Piece> pieces = new ArrayList<>();
        Parsers.letters(answer).forEach(letter -> pieces.addAll(parser.push(letter)));
        pieces.addAll(parser.finish());
        assertThat(pieces).hasSizeGreaterThan(10).allMatch(Piece.Call.class::isInstance);
        Piece.Call first = (Piece.Call) pieces.getFirst();
        assertThat(first.index()).isZero();
        assertThat(first.id()).isNotEmpty();
        assertThat(first.name()).isEqualTo("a");
        assertThat(first.argumentsFragment()).isEmpty();
        assertThat(pieces.stream().skip(1).map(Piece.Call.class::cast))
                .allMatch(piece -> piece.id().isEmpty() && piece.name().isEmpty() && piece.index() == 0);
    }

    static Stream<Arguments> longCalls() {
        String arguments = "{\"city\": \"" + TEXT + TEXT + "\"}";
        return Stream.of(
                Arguments.of(
                        ToolForm.HERMES, "<tool_call>{\"name\": \"a\", \"arguments\": " + arguments + "}</tool_call>"),
                Arguments.of(ToolForm.LLAMA3_JSON, "{\"name\": \"a\", \"parameters\": " + arguments + "}"),
                Arguments.of(
                        ToolForm.QWEN3_XML,
                        "<tool_call><function=a><parameter=city>" + TEXT + TEXT
                                + "</parameter></function></tool_call>"),
                Arguments.of(ToolForm.MISTRAL, "[TOOL_CALLS]a[ARGS]" + arguments),
                Arguments.of(ToolForm.MISTRAL, "[TOOL_CALLS][{\"name\": \"a\", \"arguments\": " + arguments + "}]"));
    }

    @Test
    void mistralsCallsHaveIdsThatItsTemplatesTake() {
        List<Piece> given = Parsers.of(ToolForm.MISTRAL).push("[TOOL_CALLS]a[CALL_ID]abc123XYZ[ARGS]{}");
        assertThat(((Piece.Call) given.getFirst()).id()).isEqualTo("abc123XYZ");
        List<Piece> made = Parsers.of(ToolForm.MISTRAL)
                .push("[TOOL_CALLS][{\"name\":\"a\",\"id\":\"0\"},{\"name\":\"b\",\"id\":\"abc123XYZ\"},"
                        + "{\"name\":\"b\",\"id\":\"abc123XYZ\"}]");
        List<String> ids = made.stream()
                .map(Piece.Call.class::cast)
                .map(Piece.Call::id)
                .filter(id -> !id.isEmpty())
                .toList();
        assertThat(ids).hasSize(3).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9A-Za-z]{9}"));
        assertThat(ids.get(1)).isEqualTo("abc123XYZ");
    }

    @Test
    void controlTokensThatAFormIsWrittenWithReachItsParser() {
        assertThat(Parsers.of(ToolForm.MISTRAL).reads("[TOOL_CALLS]")).isTrue();
        assertThat(Parsers.of(ToolForm.MISTRAL).reads("[ARGS]")).isTrue();
        assertThat(Parsers.of(ToolForm.LLAMA3_JSON).reads("<|python_tag|>")).isTrue();
        assertThat(Parsers.of(ToolForm.HERMES).reads("</tool_call>")).isTrue();
        assertThat(Parsers.of(ToolForm.HERMES).reads("<|im_end|>")).isFalse();
    }
}
