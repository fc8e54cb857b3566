package dev.slipway.server.openai;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answer parts → one {@code chat.completion} object. */
final class ChatWhole {
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final Map<Integer, Call> calls = new TreeMap<>();

    private record Call(String id, String name, StringBuilder arguments) {}

    void add(AnswerPart part) {
        switch (part) {
            case AnswerPart.Text(String text) -> content.append(text);
            case AnswerPart.Reasoning(String text) -> reasoning.append(text);
            case AnswerPart.ToolCall(int index, String id, String name, String arguments) ->
                calls.computeIfAbsent(index, _ -> new Call(id, name, new StringBuilder()))
                        .arguments()
                        .append(arguments);
        }
    }

    ObjectNode toJson(String model, Answer answer) {
        ObjectNode json = JsonBodies.object()
                .put("id", Ids.next("chatcmpl-"))
                .put("object", "chat.completion")
                .put("created", Instant.now().getEpochSecond())
                .put("model", model);
        ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
        choice.set("message", message());
        choice.putNull("logprobs");
        choice.put("finish_reason", answer.finishReason());
        json.set("usage", Usage.toJson(answer.promptTokens(), answer.completionTokens()));
        return json;
    }

    private ObjectNode message() {
        ObjectNode message = JsonBodies.object().put("role", "assistant");
        message.put("content", content.isEmpty() && !calls.isEmpty() ? null : content.toString());
        message.putNull("refusal");
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (!calls.isEmpty()) {
            ArrayNode array = message.putArray("tool_calls");
            for (Call call : calls.values()) {
                ObjectNode json = array.addObject().put("id", call.id()).put("type", "function");
                json.putObject("function")
                        .put("name", call.name())
                        .put("arguments", call.arguments().toString());
            }
        }
        return message;
    }
}
