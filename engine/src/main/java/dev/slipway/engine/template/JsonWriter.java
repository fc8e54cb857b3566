package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON as Python's {@code json.dumps} writes it; the result has to be what the model was trained on, to the byte. */
final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private final Format format;

    /**
     * How to write.
     *
     * @param indent what each level is indented with; absent keeps everything on one line
     */
    record Format(
            boolean ensureAscii,
            Optional<String> indent,
            String itemSeparator,
            String keySeparator,
            boolean sortKeys) {}

    private JsonWriter(Format format) {
        this.format = format;
    }

    static String write(Object value, Format format) {
        JsonWriter writer = new JsonWriter(format);
        writer.value(value, 0);
        return writer.out.toString();
    }

    private void value(Object value, int depth) {
        if (depth > Limits.MAX_VALUE_DEPTH || out.length() > Limits.MAX_OUTPUT) {
            throw TemplateFault.limit("a value for 'tojson' is too large or nested too deeply");
        }
        switch (value) {
            case None none -> out.append("null");
            case Boolean flag -> out.append(flag ? "true" : "false");
            case Long number -> out.append(number.longValue());
            case Double number -> out.append(real(number));
            case Text text -> string(text.chars());
            case List<?> list -> list(list, depth);
            case Tuple tuple -> list(tuple.items(), depth);
            case Map<?, ?> map -> dictionary(Types.entries(map), depth);
            default -> throw TemplateFault.error("a value of type " + Types.name(value) + " has no form in JSON");
        }
    }

    private static String real(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        return Numbers.print(number);
    }

    private void list(List<?> items, int depth) {
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            separate(i, depth + 1);
            value(items.get(i), depth + 1);
        }
        newLine(depth);
        out.append(']');
    }

    private void dictionary(Map<Object, Object> map, int depth) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        List<Map.Entry<Object, Object>> entries = new ArrayList<>(map.entrySet());
        if (format.sortKeys()) {
            Comparisons comparisons = new Comparisons(new Budget());
            entries.sort((a, b) -> comparisons.order(a.getKey(), b.getKey()));
        }
        out.append('{');
        for (int i = 0; i < entries.size(); i++) {
            separate(i, depth + 1);
            string(key(entries.get(i).getKey()));
            out.append(format.keySeparator());
            value(entries.get(i).getValue(), depth + 1);
        }
        newLine(depth);
        out.append('}');
    }

    private static String key(Object key) {
        return switch (key) {
            case Text text -> text.chars();
            case None none -> "null";
            case Boolean flag -> flag ? "true" : "false";
            case Long number -> number.toString();
            case Double number -> real(number);
            default -> throw TemplateFault.error("a key of type " + Types.name(key) + " has no form in JSON");
        };
    }

    private void separate(int index, int depth) {
        if (index > 0) {
            out.append(format.itemSeparator());
        }
        newLine(depth);
    }

    private void newLine(int depth) {
        format.indent().ifPresent(indent -> out.append('\n').repeat(indent, depth));
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (letter < ' ' || (format.ensureAscii() && letter >= 0x7F)) {
                        out.append(letter == 0x7F ? "\u007f" : String.format("\\u%04x", (int) letter));
                    } else {
                        out.append(letter);
                    }
                }
            }
        }
        out.append('"');
    }
}
