package dev.slipway.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.grammar.Language;
import dev.slipway.engine.grammar.Rules;
import dev.slipway.oracle.schema.RandomSchema;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged and hostile schemas: each becomes a grammar or an error of ours, soon. */
class SchemaFuzzTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final List<String> BRICKS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "null",
            "true",
            "false",
            "-1",
            "0",
            "1e400",
            "1e999999999",
            "1e99999999999",
            "0.000000001",
            "99999999999999999999999",
            "{}",
            "[]",
            "\"\"",
            "\"type\":\"integer\",",
            "\"$ref\":\"#\",",
            "\"$ref\":\"#/properties/a\",",
            "\"allOf\":[{}],",
            "\"anyOf\":[],",
            "\"oneOf\":[true,false],",
            "\"not\":{},",
            "\"enum\":[],",
            "\"minLength\":-1,",
            "\"multipleOf\":0,",
            "\"minProperties\":9,",
            "\"required\":[\"zz\"],",
            "\"items\":[{}],",
            "\"prefixItems\":[{}],",
            "\"uniqueItems\":true,",
            "\"pattern\":\"(a|b)*$\",",
            "\"type\":[],",
            "\"maxItems\":1e9,",
            "\"exclusiveMinimum\":true,",
            "\"nullable\":true,",
            "\"format\":\"int32\",",
            "string",
            "object");

    @Test
    void damagedSchemasAreCompiledOrRefused() {
        fuzz(20_261_120, 2_000);
    }

    @Tag("stress")
    @Test
    void forLong() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        fuzz(seed, 200_000);
    }

    private static void fuzz(long seed, int rounds) {
        Random random = new Random(seed);
        int read = 0;
        for (int round = 0; round < rounds; round++) {
            String text = damaged(random);
            long start = System.nanoTime();
            read += compiles(text) ? 1 : 0;
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("seed %s: %s", seed, text)
                    .isLessThan(SOON);
        }
        assertThat(read).as("schemas that were compiled").isBetween(rounds / 20, rounds - rounds / 20);
    }

    private static String damaged(Random random) {
        StringBuilder text = new StringBuilder(RandomSchema.of(random.nextInt(500)));
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + 1 + random.nextInt(4));
            String brick = BRICKS.get(random.nextInt(BRICKS.size()));
            int inside = text.indexOf("{", from) + 1;
            switch (random.nextInt(6)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.replace(from, to, brick);
                case 2 -> text.insert(from, text.substring(from, to));
                default -> text.insert(inside, brick);
            }
        }
        return text.toString();
    }

    private static boolean compiles(String schema) {
        try {
            Rules rules = SchemaCompiler.compile(schema);
            Language.of(rules).accepts("{\"a\":[1,\"x\",{\"b\":null}]}");
            return true;
        } catch (EngineException e) {
            assertThat(e.code()).startsWith("engine.");
            return false;
        }
    }

    static List<String> hostile() {
        String numbers = IntStream.range(0, 60_000).mapToObj(String::valueOf).collect(Collectors.joining(","));
        String references = "{\"$ref\":\"#/$defs/x\"},".repeat(20_000) + "{}";
        String consts = IntStream.range(0, 20_000)
                .mapToObj(i -> "{\"const\":" + i + "}")
                .collect(Collectors.joining(","));
        String names = IntStream.range(0, 15_000)
                .mapToObj(i -> "\"n" + i + "\":{\"type\":\"null\"}")
                .collect(Collectors.joining(","));
        return List.of(
                // Each step inwards doubles what has to be kept.
                "{\"type\":\"object\",\"allOf\":[{\"properties\":{\"a\":{\"$ref\":\"#\"}}},{\"properties\":{\"a\":{\"$ref\":\"#\"},\"b\":{}}}]}",
                "{\"allOf\":[{\"items\":{\"$ref\":\"#\"}},{\"items\":{\"$ref\":\"#\"},\"minItems\":1},{\"items\":{\"$ref\":\"#\"},\"maxItems\":2}]}",
                "{\"allOf\":[" + references + "],\"$defs\":{\"x\":{\"properties\":{\"a\":{\"type\":\"string\"}}}}}",
                "{\"allOf\":[{\"enum\":[" + numbers + "]},{\"enum\":[" + numbers + "]}]}",
                "{\"oneOf\":[" + consts + "]}",
                "{\"anyOf\":[" + consts + "]}",
                "{\"enum\":[1e999999999,1],\"multipleOf\":7}",
                "{\"enum\":[1e-999999999,1],\"type\":\"integer\",\"minimum\":3}",
                "{\"const\":1e999999999,\"maximum\":7}",
                "{\"minimum\":1e99999999999}",
                "{\"type\":\"object\",\"properties\":{\"" + "n".repeat(200_000)
                        + "\":{}},\"additionalProperties\":true}",
                "{\"type\":\"object\",\"properties\":{" + names + "},\"minProperties\":2}",
                "{\"type\":\"object\",\"properties\":{" + names + "},\"additionalProperties\":{}}",
                "{\"type\":\"object\",\"properties\":{" + names
                        + "},\"patternProperties\":{\"^(a|b|c){1,900}[xyz]*$\":{}}}",
                "[".repeat(900_000),
                "{\"not\":".repeat(400) + "{}" + "}".repeat(400),
                "{\"items\":".repeat(450) + "{}" + "}".repeat(450),
                "{\"anyOf\":[{},".repeat(240) + "{}" + "]}".repeat(240),
                "{\"const\":\"" + "c".repeat(1_000_000) + "\"}",
                "{\"enum\":["
                        + IntStream.range(1, 1_300)
                                .mapToObj(i -> "\"" + "a".repeat(i) + "\"")
                                .collect(Collectors.joining(","))
                        + "]}",
                "{\"type\":\"string\",\"pattern\":\"" + "(a?".repeat(99) + ")*".repeat(99) + "\"}",
                "{\"type\":\"string\",\"pattern\":\"" + "(a|b?c*)?".repeat(1_000) + "\"}",
                "{\"type\":\"string\",\"pattern\":\"(((a{1,99999}){1,99999}){1,99999}){1,99999}\",\"maxLength\":5}",
                "{\"type\":\"string\",\"minLength\":2147483647}",
                "{\"type\":\"array\",\"minItems\":99999999999999999999999,\"items\":{}}");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileSchemasEndSoon(String schema) {
        long start = System.nanoTime();
        compiles(schema);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }
}
