package dev.slipway.engine.grammar.schema;

import dev.slipway.oracle.schema.RandomSchema;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes documents by the schemas of {@link RandomSchema}, straight from the schema's text: compact, members in the order
 * in which they are declared. Knows nothing of grammars.
 */
final class CanonicalDocument {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Map<String, List<String>> SAMPLES = Map.ofEntries(
            Map.entry("date", List.of("2024-02-28", "1999-12-31", "2001-04-30")),
            Map.entry("time", List.of("23:59:59Z", "00:00:00.5+01:00")),
            Map.entry("date-time", List.of("2024-02-28T12:30:00Z", "1999-12-31T23:59:59.123-05:30")),
            Map.entry("duration", List.of("P3D", "PT5M", "P1DT2H", "P2W")),
            Map.entry("uuid", List.of("123e4567-e89b-12d3-A456-426614174000")),
            Map.entry("email", List.of("ann.b+c@example.org", "x@mail.example.de")),
            Map.entry("hostname", List.of("example.com", "a-1.b.example.org")),
            Map.entry("ipv4", List.of("0.10.255.199", "127.0.0.1")),
            Map.entry("ipv6", List.of("2001:db8:0:0:0:0:0:1")),
            Map.entry("uri", List.of("https://example.org", "http://a.example.com:80/b/c?x=1#f")),
            Map.entry("^[a-z]+$", List.of("a", "qxyz")),
            Map.entry("^(ab|cd)*$", List.of("", "ab", "abcdab")),
            Map.entry("^\\d{3}-\\d{4}$", List.of("123-0987")),
            Map.entry("x", List.of("x", "axb", "é\n \"x😀")),
            Map.entry("^[^a-z]{2,5}$", List.of("AB", "É漢😀1 ")),
            Map.entry("^\\w+@\\w+\\.org$", List.of("a_1@B9.org")),
            Map.entry("^a.c$|^q", List.of("abc", "a😀c", "q", "q\\\"z")),
            Map.entry("^[A-Z][a-zé]{0,9}( [A-Z][a-z]*)?$", List.of("A", "Béé Cd", "Z Z")),
            Map.entry("^\"q\\\\$", List.of("\"q\\")),
            Map.entry("^.{1,4}$", List.of("a", "漢字😀b", "\"\\\t ")),
            Map.entry("^[0-9]{1,4}$", List.of("0", "0420")));

    private static final List<String> LETTERS =
            List.of("a", "Z", "0", " ", "é", "漢", "😀", "\"", "\\", "/", "\n", "\u0001", "\u007f");

    private final JsonNode root;
    private final Random random;

    private CanonicalDocument(JsonNode root, Random random) {
        this.root = root;
        this.random = random;
    }

    static String of(String schema, Random random) {
        JsonNode root = JSON.readTree(schema);
        return new CanonicalDocument(root, random).value(root, 0);
    }

    private String value(JsonNode schema, int depth) {
        if (schema.isBoolean()) {
            return any(depth);
        }
        if (schema.has("$ref")) {
            return value(root.at(schema.get("$ref").asString().substring(1)), depth);
        }
        if (schema.has("const")) {
            return schema.get("const").toString();
        }
        if (schema.has("enum")) {
            String type = schema.path("type").asString("");
            return pick(schema.get("enum")
                            .valueStream()
                            .filter(value -> type.isEmpty()
                                    || (type.equals("string") ? value.isString() : value.isIntegralNumber()))
                            .toList())
                    .toString();
        }
        for (String choice : List.of("anyOf", "oneOf")) {
            if (schema.has(choice)) {
                return value(pick(schema.get(choice).valueStream().toList()), depth);
            }
        }
        if (schema.has("allOf")) {
            return both(schema.get("allOf").get(0), schema.get("allOf").get(1), depth);
        }
        JsonNode type = schema.get("type");
        return switch (type.isArray() ? pick(type.valueStream().toList()).asString() : type.asString()) {
            case "string" -> string(schema);
            case "integer" -> number(schema, 0);
            case "number" -> number(schema, schema.has("multipleOf") ? 2 : random.nextInt(6));
            case "boolean" -> String.valueOf(random.nextBoolean());
            case "null" -> "null";
            case "array" -> array(schema, depth);
            default -> object(schema, depth);
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String any(int depth) {
        return switch (random.nextInt(depth > 4 ? 4 : 6)) {
            case 0 -> quoted(letters(random.nextInt(5)));
            case 1 -> pick(List.of("0", "-1.5e+7", "123456789012345", "0.000000000000001", "7E-9"));
            case 2 -> String.valueOf(random.nextBoolean());
            case 3 -> "null";
            case 4 ->
                "["
                        + String.join(
                                ",",
                                IntStream.range(0, random.nextInt(3))
                                        .mapToObj(_ -> any(depth + 1))
                                        .toList()) + "]";
            default ->
                "{"
                        + String.join(
                                ",",
                                IntStream.range(0, random.nextInt(3))
                                        .mapToObj(i -> quoted("k" + i) + ":" + any(depth + 1))
                                        .toList())
                        + "}";
        };
    }

    private String letters(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(pick(LETTERS));
        }
        return text.toString();
    }

    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    private String string(JsonNode schema) {
        String known = schema.path("format").asString(schema.path("pattern").asString(""));
        if (!known.isEmpty()) {
            return quoted(pick(SAMPLES.get(known)));
        }
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(least + 12);
        return quoted(letters(least + random.nextInt(most - least + 1)));
    }

    private String number(JsonNode schema, int scale) {
        BigDecimal low = bound(schema, "inimum", -1);
        BigDecimal high = bound(schema, "aximum", 1);
        if (schema.path("multipleOf").isIntegralNumber()) {
            return String.valueOf(schema.get("multipleOf").asLong() * (random.nextInt(2_001) - 1_000));
        }
        // Strictly between the bounds, or on those that allow it.
        BigDecimal share = BigDecimal.valueOf(random.nextInt(10_001), 4);
        BigDecimal value = low.add(high.subtract(low).multiply(share)).setScale(scale, RoundingMode.FLOOR);
        boolean inside = value.compareTo(low) > 0 && value.compareTo(high) < 0;
        BigDecimal middle = low.add(BigDecimal.ONE).setScale(0, RoundingMode.FLOOR);
        BigDecimal kept = inside ? value : middle;
        return kept.signum() == 0 ? "0" : kept.stripTrailingZeros().toPlainString();
    }

    private static BigDecimal bound(JsonNode schema, String name, int side) {
        String inclusive = side < 0 ? "minimum" : "maximum";
        JsonNode said = schema.has(inclusive) ? schema.get(inclusive) : schema.path("exclusiveM" + name);
        if (said.isNumber()) {
            return new BigDecimal(said.toString());
        }
        JsonNode other = side < 0
                ? schema.has("maximum") ? schema.get("maximum") : schema.path("exclusiveMaximum")
                : schema.has("minimum") ? schema.get("minimum") : schema.path("exclusiveMinimum");
        BigDecimal from = other.isNumber() ? new BigDecimal(other.toString()) : BigDecimal.ZERO;
        return from.add(BigDecimal.valueOf(side * 1_000L));
    }

    private String array(JsonNode schema, int depth) {
        int least = schema.path("minItems").asInt(0);
        int most = schema.path("maxItems").asInt(least + 3);
        List<JsonNode> prefix = schema.path("prefixItems").valueStream().toList();
        int placed = Math.min(prefix.size(), schema.path("maxItems").asInt(prefix.size()));
        boolean closed = schema.path("items").isBoolean();
        int least2 = Math.max(least, placed);
        int count = closed ? placed : least2 + random.nextInt(Math.max(0, most - least2) + 1);
        if (depth > 5 && !closed) {
            count = least2;
        }
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JsonNode element = i < placed ? prefix.get(i) : schema.path("items");
            elements.add(element.isMissingNode() ? any(depth + 1) : value(element, depth + 1));
        }
        return "[" + String.join(",", elements) + "]";
    }

    /** An object that two schemas speak of, as {@link RandomSchema} combines them. */
    private String both(JsonNode one, JsonNode two, int depth) {
        String first = "{\"a\":" + value(one.get("properties").get("a"), depth + 1);
        return first
                + (random.nextBoolean()
                        ? ",\"b\":" + value(two.get("properties").get("b"), depth + 1)
                        : "") + "}";
    }

    private String object(JsonNode schema, int depth) {
        Map<String, JsonNode> declared = new LinkedHashMap<>();
        schema.path("properties").forEachEntry(declared::put);
        Set<String> required = Set.copyOf(
                schema.path("required").valueStream().map(JsonNode::asString).toList());
        int least = schema.path("minProperties").asInt(0);
        int most = schema.path("maxProperties").asInt(Integer.MAX_VALUE);
        List<String> written = new ArrayList<>(required);
        for (String name : declared.keySet()) {
            boolean wanted = written.size() < least || (depth < 4 && random.nextBoolean());
            if (!required.contains(name) && wanted && written.size() < most) {
                written.add(name);
            }
        }
        List<String> members = new ArrayList<>();
        declared.forEach((name, value) -> {
            if (written.contains(name)) {
                members.add(quoted(name) + ":" + value(value, depth + 1));
            }
        });
        more(schema, declared.isEmpty(), depth, members, most);
        return "{" + String.join(",", members) + "}";
    }

    private void more(JsonNode schema, boolean free, int depth, List<String> members, int most) {
        JsonNode other = schema.path("additionalProperties");
        JsonNode pattern = schema.path("patternProperties").path("^[0-9]{1,4}$");
        for (int i = random.nextInt(3); i > 0 && members.size() < most && depth < 5; i--) {
            if (!pattern.isMissingNode()) {
                members.add(quoted("1" + i) + ":" + value(pattern, depth + 1));
            } else if (other.isObject()) {
                members.add(quoted(pick(List.of("nam", "names", "ü", "x", "i d")) + i) + ":" + value(other, depth + 1));
            } else if (free && other.isMissingNode()) {
                members.add(quoted("n" + i) + ":" + any(depth + 1));
            }
        }
    }
}
