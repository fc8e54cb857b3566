package dev.slipway.server.openai;

import dev.slipway.protocol.Message;
import dev.slipway.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The turns of a conversation. */
final class Messages {
    private static final int MOST = 10_000;
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");

    private Messages() {}

    static List<Message> parse(Fields request) {
        request.required("messages");
        List<JsonNode> nodes = request.array("messages", MOST);
        if (nodes.isEmpty()) {
            throw ServerException.invalidRequest("messages", "There are no messages.", "Send at least one.");
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            messages.add(message(Fields.of(nodes.get(i), "messages[" + i + "]")));
        }
        return List.copyOf(messages);
    }

    private static Message message(Fields message) {
        String role = message.requiredString("role");
        if (!ROLES.contains(role)) {
            throw ServerException.invalidRequest(
                    message.at("role"),
                    "The role '" + role + "' is not known.",
                    "Use system, user, assistant or tool.");
        }
        List<JsonNode> calls = message.array("tool_calls", 128);
        if (message.value("content").isEmpty() && calls.isEmpty() && !role.equals("assistant")) {
            message.required("content");
        }
        return Message.newBuilder()
                // Templates know the older word.
                .setRole(role.equals("developer") ? "system" : role.equals("function") ? "tool" : role)
                .setContent(content(message))
                .setName(message.string("name").orElse(""))
                .setToolCallId(message.string("tool_call_id").orElse(""))
                .setReasoningContent(message.string("reasoning_content").orElse(""))
                .setToolCalls(calls.isEmpty() ? "" : toolCalls(message, calls))
                .build();
    }

    private static String content(Fields message) {
        JsonNode content = message.value("content").orElse(null);
        if (content == null) {
            return "";
        }
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        List<JsonNode> parts = message.array("content", MOST);
        for (int i = 0; i < parts.size(); i++) {
            Fields part = Fields.of(parts.get(i), message.at("content") + "[" + i + "]");
            String type = part.requiredString("type");
            part.refuse(
                    "type",
                    !type.equals("text"),
                    "Content of type '" + type + "' is not offered here: text only.",
                    "Send the content as text.");
            text.append(part.requiredString("text"));
        }
        return text.toString();
    }

    private static String toolCalls(Fields message, List<JsonNode> calls) {
        for (int i = 0; i < calls.size(); i++) {
            Fields call = Fields.of(calls.get(i), message.at("tool_calls") + "[" + i + "]");
            Fields function = Fields.of(call.required("function"), call.at("function"));
            function.requiredString("name");
            function.requiredString("arguments");
        }
        return JsonBodies.write(message.required("tool_calls"));
    }
}
