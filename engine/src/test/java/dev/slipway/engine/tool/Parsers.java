package dev.slipway.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.template.ChatTemplate.Rendered;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Parsers as the tests of this package want them, and what holds for each of them. */
final class Parsers {
    private static final long SEED = 20_260_307;

    /** Tools named a, b and get_weather, whose parameters have a type each. */
    static final DeclaredTools TOOLS = DeclaredTools.of(List.of(tool("a"), tool("b"), tool("get_weather")));

    private Parsers() {}

    private static Map<String, Object> tool(String name) {
        Map<String, Object> properties = Map.ofEntries(
                Map.entry("city", Map.of("type", "string")),
                Map.entry("zip", Map.of("type", "string")),
                Map.entry("code", Map.of("type", "number")),
                Map.entry("days", Map.of("type", "integer")),
                Map.entry("exact", Map.of("type", "boolean")),
                Map.entry("where", Map.of("type", "object")),
                Map.entry("list", Map.of("type", "array")),
                Map.entry("maybe", Map.of("type", List.of("string", "null"))),
                Map.entry("unit", Map.of("enum", List.of("C", "F"))),
                Map.entry("limit", Map.of("anyOf", List.of(Map.of("type", "integer"), Map.of("type", "string")))),
                Map.entry("place", Map.of("$ref", "#/$defs/place")));
        return Map.of(
                "type",
                "function",
                "function",
                Map.of(
                        "name",
                        name,
                        "parameters",
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                properties,
                                "$defs",
                                Map.of("place", Map.of("type", "object")))));
    }

    /** A prompt that the template wrote alone. */
    static Rendered written(String prompt) {
        BitSet all = new BitSet();
        all.set(0, prompt.length());
        return new Rendered(prompt, all);
    }

    static ToolCallParser of(ToolForm form) {
        return of(form, "");
    }

    static ToolCallParser of(ToolForm form, String prompt) {
        return new AnswerForm(form, List.of(Thinking.THINK), false).newParser(TOOLS, written(prompt));
    }

    static ParsedAnswer parse(ToolForm form, List<String> parts) {
        return ParsedAnswer.of(of(form), parts);
    }

    /** Whole, letter by letter, cut in two everywhere, and cut at random: always the same. */
    static void assertEverySplit(ToolForm form, String answer, ParsedAnswer expected) {
        assertThat(parse(form, List.of(answer))).isEqualTo(expected);
        assertThat(parse(form, letters(answer))).isEqualTo(expected);
        for (int cut = 0; cut <= answer.length(); cut++) {
            assertThat(parse(form, List.of(answer.substring(0, cut), answer.substring(cut))))
                    .as("cut at %d", cut)
                    .isEqualTo(expected);
        }
        Random random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            List<String> parts = parts(answer, random);
            assertThat(parse(form, parts))
                    .as("seed %d, round %d: %s", SEED, round, parts)
                    .isEqualTo(expected);
        }
    }

    static List<String> parts(String answer, Random random) {
        List<String> parts = new ArrayList<>();
        for (int from = 0; from < answer.length(); ) {
            int to = Math.min(answer.length(), from + random.nextInt(12));
            parts.add(answer.substring(from, to));
            from = to;
        }
        return parts;
    }

    static List<String> letters(String text) {
        return text.chars().mapToObj(letter -> String.valueOf((char) letter)).toList();
    }
}
