package dev.slipway.oracle.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random JSON schemas of everything that the engine says it keeps: every one of them can be satisfied by a document of a
 * few hundred bytes.
 */
public final class RandomSchema {
    private static final List<String> FORMATS =
            List.of("date", "time", "date-time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6", "uri");
    private static final List<String> PATTERNS = List.of(
            "^[a-z]+$",
            "^(ab|cd)*$",
            "^\\\\d{3}-\\\\d{4}$",
            "x",
            "^[^a-z]{2,5}$",
            "^\\\\w+@\\\\w+\\\\.org$",
            "^a.c$|^q",
            "^[A-Z][a-zé]{0,9}( [A-Z][a-z]*)?$",
            "^\\\"q\\\\\\\\$",
            "^.{1,4}$");
    private static final List<String> NAMES = List.of("a", "ab", "abc", "name", "é", "x y", "id", "\\\"q\\\"", "b<c");

    private final SplittableRandom random;
    private boolean recursive;

    private RandomSchema(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** The schema of a seed, as JSON text. */
    public static String of(long seed) {
        RandomSchema made = new RandomSchema(seed);
        String schema = made.schema(0);
        if (made.recursive) {
            return "{\"$ref\":\"#/$defs/tree\",\"$defs\":{\"tree\":{\"type\":\"object\",\"properties\":{\"value\":"
                    + schema
                    + ",\"left\":{\"$ref\":\"#/$defs/tree\"},\"more\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/tree\"},"
                    + "\"maxItems\":2}},\"required\":[\"value\"],\"additionalProperties\":false},\"leaf\":{\"type\":[\"string\",\"null\"],\"maxLength\":3}}}";
        }
        return schema;
    }

    private boolean chance(int inSoMany) {
        return random.nextInt(inSoMany) == 0;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String schema(int depth) {
        int kinds = depth > 2 ? 6 : 12;
        return switch (random.nextInt(kinds)) {
            case 0 -> string();
            case 1 -> number("integer");
            case 2 -> number("number");
            case 3 ->
                pick(List.of("{\"type\":\"boolean\"}", "{\"type\":\"null\"}", "{\"type\":[\"integer\",\"null\"]}"));
            case 4 -> listed();
            case 5 -> string();
            case 6 -> array(depth);
            case 7 -> combined(depth);
            case 8 -> {
                recursive |= depth == 0;
                yield object(depth);
            }
            default -> object(depth);
        };
    }

    private String string() {
        List<String> parts = new ArrayList<>(List.of("\"type\":\"string\""));
        switch (random.nextInt(4)) {
            case 0 -> {
                int least = random.nextInt(6);
                if (chance(2)) {
                    parts.add("\"minLength\":" + least);
                }
                if (chance(2)) {
                    parts.add("\"maxLength\":" + (least + random.nextInt(40)));
                }
            }
            case 1 -> parts.add("\"format\":\"" + pick(FORMATS) + "\"");
            case 2 -> parts.add("\"pattern\":\"" + pick(PATTERNS) + "\"");
            default -> parts.add("\"description\":\"any\"");
        }
        return "{" + String.join(",", parts) + "}";
    }

    private String number(String type) {
        List<String> parts = new ArrayList<>(List.of("\"type\":\"" + type + "\""));
        boolean whole = type.equals("integer");
        long low = random.nextLong(-1200, 1200);
        long width = 1 + random.nextLong(1 + (1L << random.nextInt(20)));
        String fraction = whole ? "" : pick(List.of("", ".5", ".25", ".125", ".07"));
        if (chance(2)) {
            parts.add((chance(3) && !whole ? "\"exclusiveMinimum\":" : "\"minimum\":") + low + fraction);
        }
        if (chance(2)) {
            parts.add((chance(3) && !whole ? "\"exclusiveMaximum\":" : "\"maximum\":") + (low + width + 2) + fraction);
        }
        if (parts.size() == 1 && chance(2)) {
            parts.add("\"multipleOf\":" + (whole ? pick(List.of("2", "7", "10", "100", "25")) : "0.01"));
        }
        return "{" + String.join(",", parts) + "}";
    }

    private String listed() {
        return pick(List.of(
                "{\"enum\":[\"red\",\"green\",\"gr\\\"een\",\"\",null,12,1.5,[1,{\"a\":\"b\"}],{\"k\":[]}]}",
                "{\"const\":\"fixed é 😀\"}",
                "{\"type\":\"string\",\"enum\":[\"one\",\"two\",\"twofold\"]}",
                "{\"type\":\"integer\",\"enum\":[1,2,3,\"four\"]}",
                "{\"const\":{\"a\":[true,false]}}"));
    }

    private String array(int depth) {
        List<String> parts = new ArrayList<>(List.of("\"type\":\"array\""));
        int least = random.nextInt(3);
        if (chance(3)) {
            parts.add("\"prefixItems\":[" + schema(depth + 2) + "," + schema(depth + 2) + "]");
        }
        if (chance(5)) {
            parts.add("\"items\":false");
            return "{" + String.join(",", parts) + "}";
        }
        parts.add("\"items\":" + schema(depth + 1));
        if (chance(2)) {
            parts.add("\"minItems\":" + least);
        }
        if (chance(2)) {
            parts.add("\"maxItems\":" + (least + random.nextInt(4)));
        }
        return "{" + String.join(",", parts) + "}";
    }

    private String combined(int depth) {
        String one = schema(depth + 1);
        String two = schema(depth + 1);
        return switch (random.nextInt(4)) {
            case 0 -> "{\"anyOf\":[" + one + "," + two + "]}";
            case 1 ->
                "{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"kind\":{\"const\":\"a\"},\"v\":" + one
                        + "},\"required\":[\"kind\",\"v\"]},{\"type\":\"object\",\"properties\":{\"kind\":{\"const\":\"b\"},\"w\":"
                        + two
                        + "},\"required\":[\"kind\"]}]}";
            case 2 ->
                "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":" + one + "},\"required\":[\"a\"]},"
                        + "{\"properties\":{\"b\":" + two + ",\"a\":true}}]}";
            default ->
                "{\"oneOf\":[{\"type\":\"string\",\"maxLength\":5},{\"type\":[\"integer\",\"null\"]},{\"type\":\"array\",\"maxItems\":2}]}";
        };
    }

    private String object(int depth) {
        List<String> properties = new ArrayList<>();
        List<String> required = new ArrayList<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            String name = "\"" + NAMES.get((i * 2 + depth) % NAMES.size()) + "\"";
            properties.add(name + ":" + schema(depth + 1));
            if (chance(2)) {
                required.add(name);
            }
        }
        List<String> parts = new ArrayList<>(List.of("\"type\":\"object\""));
        if (count > 0 || chance(2)) {
            parts.add("\"properties\":{" + String.join(",", properties) + "}");
            parts.add("\"required\":[" + String.join(",", required) + "]");
        }
        switch (random.nextInt(6)) {
            case 0 -> parts.add("\"additionalProperties\":false");
            case 1 -> parts.add("\"additionalProperties\":" + schema(depth + 2));
            case 2 -> parts.add("\"patternProperties\":{\"^[0-9]{1,4}$\":" + schema(depth + 2) + "}");
            case 3 -> parts.add("\"minProperties\":" + Math.min(count, 1 + random.nextInt(2)));
            case 4 -> parts.add("\"maxProperties\":" + (required.size() + random.nextInt(3)));
            default -> parts.add("\"title\":\"thing\"");
        }
        return "{" + String.join(",", parts) + "}";
    }
}
