package dev.slipway.server.openai;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Answer parts → {@code chat.completion.chunk} objects. */
final class ChatChunks {
    private final String id = Ids.next("chatcmpl-");
    private final long created = Instant.now().getEpochSecond();
    private final String model;
    private final boolean usage;
    private boolean started;

    /** @param usage whether a last chunk shall tell the usage */
    ChatChunks(String model, boolean usage) {
        this.model = model;
        this.usage = usage;
    }

    List<String> of(AnswerPart part) {
        List<String> chunks = start();
        ObjectNode delta = JsonBodies.object();
        switch (part) {
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

    /** The chunk with the finish reason and, when asked for, the one with the usage. */
    List<String> end(Answer answer) {
        List<String> chunks = start();
        chunks.add(chunk(JsonBodies.object(), answer.finishReason()));
        if (usage) {
            ObjectNode last = frame();
            last.putArray("choices");
            last.set("usage", Usage.toJson(answer.promptTokens(), answer.completionTokens()));
            chunks.add(JsonBodies.write(last));
        }
        return chunks;
    }

    private List<String> start() {
        List<String> chunks = new ArrayList<>();
        if (!started) {
            started = true;
            chunks.add(chunk(JsonBodies.object().put("role", "assistant").put("content", ""), ""));
        }
        return chunks;
    }

    private ObjectNode frame() {
        return JsonBodies.object()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", model);
    }

    private String chunk(ObjectNode delta, String finishReason) {
        ObjectNode chunk = frame();
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs");
        choice.put("finish_reason", finishReason.isEmpty() ? null : finishReason);
        if (usage) {
            chunk.putNull("usage");
        }
        return JsonBodies.write(chunk);
    }
}
