package dev.slipway.cli.terminal;

import java.util.Collection;
import java.util.Locale;
import java.util.function.BiConsumer;

/** Writes JSON, so that commands which print a few values need not load a library first. */
public final class JsonText {
    private static final int FIRST_PRINTABLE = 0x20;

    private final StringBuilder text = new StringBuilder();
    private boolean first = true;

    /** Begins an object. */
    public JsonText open() {
        separate();
        text.append('{');
        first = true;
        return this;
    }

    /** Ends an object. */
    public JsonText close() {
        text.append('}');
        first = false;
        return this;
    }

    public JsonText field(String name, String value) {
        key(name);
        string(value);
        first = false;
        return this;
    }

    public JsonText field(String name, boolean value) {
        key(name);
        text.append(value);
        first = false;
        return this;
    }

    public JsonText field(String name, long value) {
        key(name);
        text.append(value);
        first = false;
        return this;
    }

    /** A number with six digits after the point; {@code null} when there is none. */
    public JsonText field(String name, double value) {
        key(name);
        text.append(Double.isFinite(value) ? String.format(Locale.ROOT, "%.6f", value) : "null");
        first = false;
        return this;
    }

    public JsonText numbers(String name, int[] values) {
        key(name);
        text.append('[');
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : ",").append(values[i]);
        }
        text.append(']');
        first = false;
        return this;
    }

    /** Begins an object as the value of a field. */
    public JsonText openField(String name) {
        key(name);
        first = true;
        text.append('{');
        return this;
    }

    public JsonText field(String name, Collection<String> values) {
        return array(name, values, (json, value) -> {
            json.separate();
            json.string(value);
            json.first = false;
        });
    }

    /** An array whose elements {@code writer} writes. */
    public <T> JsonText array(String name, Collection<T> values, BiConsumer<JsonText, T> writer) {
        key(name);
        elements(values, writer);
        return this;
    }

    /** A whole document that is an array. */
    public static <T> JsonText array(Collection<T> values, BiConsumer<JsonText, T> writer) {
        JsonText json = new JsonText();
        json.elements(values, writer);
        return json;
    }

    private <T> void elements(Collection<T> values, BiConsumer<JsonText, T> writer) {
        text.append('[');
        first = true;
        values.forEach(value -> writer.accept(this, value));
        text.append(']');
        first = false;
    }

    private void key(String name) {
        separate();
        string(name);
        text.append(':');
        first = true;
    }

    private void separate() {
        if (!first) {
            text.append(',');
        }
        first = true;
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> {
                    if (c < FIRST_PRINTABLE) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
