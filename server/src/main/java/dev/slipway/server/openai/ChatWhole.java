package dev.slipway.server.openai;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The parts of one choice, put together; and choices → one {@code chat.completion} object. */
final class ChatWhole {
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final TokenReports reports = new TokenReports();
    private final Map<Integer, Call> calls = new TreeMap<>();

    private record Call(String id, String name, StringBuilder arguments) {}

    void add(AnswerPart part) {
        switch (part) {
            case AnswerPart.Reports(List<JsonNode> tokens) -> reports.add(tokens);
            case AnswerPart.Text(String text) -> content.append(text);
            case AnswerPart.Reasoning(String text) -> reasoning.append(text);
            case AnswerPart.ToolCall(int index, String id, String name, String arguments) ->
                calls.computeIfAbsent(index, _ -> new Call(id, name, new StringBuilder()))
                        .arguments()
                        .append(arguments);
        }
    }

    static ObjectNode toJson(String model, List<ChatWhole> choices, List<Answer> answers) {
        ObjectNode json = JsonBodies.object()
                .put("id", Ids.next("chatcmpl-"))
                .put("object", "chat.completion")
                .put("created", Instant.now().getEpochSecond())
                .put("model", model);
        ArrayNode array = json.putArray("choices");
        for (int i = 0; i < choices.size(); i++) {
            array.add(choices.get(i).choice(i, answers.get(i).finishReason()));
        }
        json.set("usage", Usage.of(answers).toJson());
        return json;
    }

    private ObjectNode choice(int index, String finishReason) {
        ObjectNode choice = JsonBodies.object().put("index", index);
        choice.set("message", message());
        choice.set("logprobs", reports.takeChat());
        choice.put("finish_reason", finishReason);
        return choice;
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
