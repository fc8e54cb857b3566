package dev.slipway.cli.chat;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Puts the pieces of tool calls together. */
final class ToolCallText {
    private final Map<Integer, StringBuilder> names = new TreeMap<>();
    private final Map<Integer, StringBuilder> arguments = new TreeMap<>();

    void take(JsonNode calls) {
        for (JsonNode call : calls) {
            int index = call.path("index").asInt(0);
            names.computeIfAbsent(index, _ -> new StringBuilder())
                    .append(call.path("function").path("name").asString(""));
            arguments
                    .computeIfAbsent(index, _ -> new StringBuilder())
                    .append(call.path("function").path("arguments").asString(""));
        }
    }

    void report(ChatClient.AnswerListener listener) {
        names.forEach((index, name) -> {
            StringBuilder given = arguments.getOrDefault(index, new StringBuilder());
            listener.onToolCall(name.toString(), given.toString());
        });
    }
}
