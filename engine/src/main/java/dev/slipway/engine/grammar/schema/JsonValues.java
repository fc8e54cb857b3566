package dev.slipway.engine.grammar.schema;

import dev.slipway.engine.grammar.GrammarFault;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain JSON values: compared as JSON compares them, and written without white space. */
final class JsonValues {
    private JsonValues() {}

    static BigDecimal decimal(Object number) {
        return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    }

    static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number && b instanceof Number) {
            return decimal(a).compareTo(decimal(b)) == 0;
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            boolean same = left.size() == right.size();
            for (int i = 0; same && i < left.size(); i++) {
                same = same(left.get(i), right.get(i));
            }
            return same;
        }
        if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            return left.size() == right.size()
                    && left.entrySet().stream()
                            .allMatch(entry -> right.containsKey(entry.getKey())
                                    && same(entry.getValue(), right.get(entry.getKey())));
        }
        return a == null ? b == null : a.equals(b);
    }

    static String write(@Nullable Object value) {
        return write(value, Integer.MAX_VALUE);
    }

    /**
     * A value's text.
     *
     * @throws dev.slipway.engine.EngineException {@code engine.grammar-too-large} when it is longer than {@code most}
     */
    static String write(@Nullable Object value, int most) {
        StringBuilder out = new StringBuilder();
        write(value, out, most);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out, int most) {
        if (out.length() > most) {
            throw GrammarFault.tooLarge("A part of the JSON schema has more than " + most + " characters.");
        }
        switch (value) {
            case String text -> quote(text, out);
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    out.append(separator);
                    write(element, out, most);
                    separator = ",";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    quote(String.valueOf(entry.getKey()), out);
                    out.append(':');
                    write(entry.getValue(), out, most);
                    separator = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case null -> out.append("null");
            case Object other -> out.append(other);
        }
    }

    /** A string's JSON text; half surrogate pairs, which have no UTF-8, are written as escapes. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder();
        quote(text, out);
        return out.toString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean pair = Character.isHighSurrogate(letter)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
                    if (pair) {
                        out.append(letter).append(text.charAt(++i));
                    } else if (letter < ' ' || Character.isSurrogate(letter)) {
                        out.append(String.format("\\u%04x", (int) letter));
                    } else {
                        out.append(letter);
                    }
                }
            }
        }
        out.append('"');
    }
}
