package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import java.util.List;
import java.util.Map;

/**
 * Which of the offered tools the model gets to see, and whether it must call one.
 *
 * @param kind what was asked for
 * @param name the function to call, where one is named; else empty
 */
record ToolChoice(Kind kind, String name) {
    /** What hosts may ask for. */
    enum Kind {
        AUTO,
        NONE,
        REQUIRED,
        NAMED
    }

    /**
     * Reads a choice.
     *
     * @param choice {@code auto}, {@code none} or {@code required}, quoted as JSON or bare; an object that names a
     *     function, as {@code {"type": "function", "function": {"name": …}}} or with the name at the top; or blank for
     *     {@code auto}
     */
    static ToolChoice parse(String choice) {
        String text = choice.strip();
        Object value = text.startsWith("{") || text.startsWith("\"") ? JsonText.value("ToolChoice", text) : text;
        if (value instanceof Map<?, ?> object) {
            return named(choice, object);
        }
        return switch (String.valueOf(value)) {
            case "", "auto" -> new ToolChoice(Kind.AUTO, "");
            case "none" -> new ToolChoice(Kind.NONE, "");
            case "required", "any" -> new ToolChoice(Kind.REQUIRED, "");
            default -> throw unknown(choice);
        };
    }

    private static ToolChoice named(String choice, Map<?, ?> object) {
        Map<?, ?> function = object.get("function") instanceof Map<?, ?> inner ? inner : object;
        if (!(function.get("name") instanceof String name) || name.isBlank()) {
            throw unknown(choice);
        }
        return new ToolChoice(Kind.NAMED, name);
    }

    private static BackendException unknown(String choice) {
        return BackendException.invalid(
                "ToolChoice is " + choice + ".", "Use auto, none, required, or an object that names a function.");
    }

    /** The tools that go into the prompt. */
    List<Map<String, Object>> shown(List<Map<String, Object>> offered) {
        return kind == Kind.NONE ? List.of() : offered;
    }

    /** Whether the answer has to be a call. */
    boolean forced() {
        return kind == Kind.REQUIRED || kind == Kind.NAMED;
    }
}
