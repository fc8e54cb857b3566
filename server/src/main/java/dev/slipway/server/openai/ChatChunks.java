package dev.slipway.server.openai;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The parts of one choice → {@code chat.completion.chunk} objects. */
final class ChatChunks {
    private final ChatFrame frame;
    private final int index;
    private final TokenReports reports = new TokenReports();
    private boolean started;

    /** @param index which choice of the answer */
    ChatChunks(ChatFrame frame, int index) {
        this.frame = frame;
        this.index = index;
    }

    List<String> of(AnswerPart part) {
        if (part instanceof AnswerPart.Reports(List<JsonNode> tokens)) {
            reports.add(tokens);
            return List.of();
        }
        List<String> chunks = start();
        ObjectNode delta = JsonBodies.object();
        switch (part) {
            case AnswerPart.Reports _ -> {}
            case AnswerPart.Text(String text) -> delta.put("content", text);
            case AnswerPart.Reasoning(String text) -> delta.put("reasoning_content", text);
            case AnswerPart.ToolCall call -> delta.putArray("tool_calls").add(toolCall(call));
        }
        chunks.add(chunk(delta, ""));
        return chunks;
    }

    private static ObjectNode toolCall(AnswerPart.ToolCall call) {
        ObjectNode json = JsonBodies.object().put("index", call.index());
        if (!call.name().isEmpty()) {
            json.put("id", call.id()).put("type", "function");
        }
        ObjectNode function = json.putObject("function");
        if (!call.name().isEmpty()) {
            function.put("name", call.name());
        }
        function.put("arguments", call.arguments());
        return json;
    }

    /** The chunk with the finish reason. */
    List<String> end(String finishReason) {
        List<String> chunks = start();
        chunks.add(chunk(JsonBodies.object(), finishReason));
        return chunks;
    }

    private List<String> start() {
        List<String> chunks = new ArrayList<>();
        if (!started) {
            chunks.add(chunk(JsonBodies.object().put("role", "assistant").put("content", ""), ""));
            started = true;
        }
        return chunks;
    }

    private String chunk(ObjectNode delta, String finishReason) {
        ObjectNode choice = JsonBodies.object().put("index", index);
        choice.set("delta", delta);
        choice.set("logprobs", started ? reports.takeChat() : JsonBodies.nothing());
        choice.put("finish_reason", finishReason.isEmpty() ? null : finishReason);
        return frame.chunk(choice);
    }
}
