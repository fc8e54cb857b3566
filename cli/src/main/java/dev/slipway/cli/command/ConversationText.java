package dev.slipway.cli.command;

import dev.slipway.cli.CliException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Conversations as JSON text, brought into the form in which the server hands them to a template. */
final class ConversationText {
    private ConversationText() {}

    /** Messages in the OpenAI shape: text in parts is joined, and a missing text is empty. */
    static List<Map<String, Object>> messages(String option, String json) {
        List<Map<String, Object>> messages = objects(option, json);
        if (messages.isEmpty()) {
            throw CliException.usage(option + " holds no message.", "Give an array of messages.");
        }
        for (Map<String, Object> message : messages) {
            if (!(message.get("role") instanceof String)) {
                throw CliException.usage(option + " holds a message without a role.", "Give each a \"role\".");
            }
            message.put("content", content(message.get("content")));
        }
        return messages;
    }

    private static Object content(@Nullable Object content) {
        if (content == null) {
            return "";
        }
        if (!(content instanceof List<?> parts)) {
            return content;
        }
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            if (!(part instanceof Map<?, ?> map) || !(map.get("text") instanceof String piece)) {
                return content;
            }
            text.append(piece);
        }
        return text.toString();
    }

    /** An array of objects; none for an empty text. */
    static List<Map<String, Object>> objects(String option, String json) {
        if (json.isBlank()) {
            return List.of();
        }
        if (!(parsed(option, json) instanceof List<?> items)) {
            throw CliException.usage(option + " is not a JSON array.", "Give an array, or @FILE for a file with one.");
        }
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Object item : items) {
            objects.add(fields(option, item));
        }
        return objects;
    }

    /** One object; an empty one for an empty text. */
    static Map<String, Object> object(String option, String json) {
        return json.isBlank() ? Map.of() : fields(option, parsed(option, json));
    }

    private static Map<String, Object> fields(String option, @Nullable Object item) {
        if (!(item instanceof Map<?, ?> map)) {
            throw CliException.usage(option + " holds something that is no JSON object.", "Give objects.");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (value != null) {
                fields.put(String.valueOf(key), value);
            }
        });
        return fields;
    }

    private static @Nullable Object parsed(String option, String json) {
        try {
            return JsonMapper.shared().readValue(json, Object.class);
        } catch (JacksonException e) {
            throw CliException.usage(
                    option + " is not JSON: " + e.getOriginalMessage() + ".", "Quote it for the shell, or use @FILE.");
        }
    }
}
