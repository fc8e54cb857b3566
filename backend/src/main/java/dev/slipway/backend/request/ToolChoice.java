package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import java.util.List;
import java.util.Map;

/** Which of the offered tools the model gets to see. */
final class ToolChoice {
    private ToolChoice() {}

    /**
     * The tools that go into the prompt.
     *
     * @param tools JSON array in the OpenAI shape, or blank
     * @param choice {@code auto} or {@code none}, quoted as JSON or bare, or blank for {@code auto}
     */
    static List<Map<String, Object>> tools(String tools, String choice) {
        List<Map<String, Object>> offered = JsonText.objects("Tools", tools);
        return switch (word(choice)) {
            case "", "auto" -> offered;
            case "none" -> List.of();
            // The model cannot be made to call something: it would answer in text and break the promise.
            case "required" -> {
                throw BackendException.unsupported("ToolChoice required", "Use auto or none.");
            }
            default -> throw BackendException.invalid("ToolChoice is " + choice + ".", "Use auto or none.");
        };
    }

    private static String word(String choice) {
        String text = choice.strip();
        if (!text.startsWith("{") && !text.startsWith("\"")) {
            return text;
        }
        return switch (JsonText.value("ToolChoice", text)) {
            case String word -> word;
            default -> throw BackendException.unsupported("ToolChoice with a named function", "Use auto or none.");
        };
    }
}
