package dev.slipway.server.openai;

import dev.slipway.protocol.ChatDelta;
import dev.slipway.protocol.Reply;
import dev.slipway.protocol.ToolCallDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Makes answer parts of a backend's replies, and keeps what is known at the end.
 *
 * <p>A backend that understands its model sends chat deltas; once one has come, they alone count. Others send bytes,
 * whose characters may be cut in two between replies.
 */
final class Answer {
    private final int limit;
    private final boolean chat;
    private final Utf8Joiner joiner = new Utf8Joiner();
    private final Map<Integer, Call> calls = new HashMap<>();
    private boolean sawDeltas;
    private int promptTokens;
    private int cachedTokens;
    private int leftOutTokens;
    private int completionTokens;
    private String finishReason = "";

    /** A tool call whose name has perhaps not come yet. */
    private static final class Call {
        private String id = "";
        private boolean announced;
        private final StringBuilder held = new StringBuilder();
    }

    /**
     * @param limit the limit on new tokens that was asked for, or 0
     * @param chat whether chat deltas are understood; a plain completion is text alone
     */
    Answer(int limit, boolean chat) {
        this.limit = limit;
        this.chat = chat;
    }

    /** The parts that a reply brings, in order; often none. */
    List<AnswerPart> take(Reply reply) {
        // Counts are running totals; some backends leave them out of some replies.
        promptTokens = Math.max(promptTokens, reply.getPromptTokens());
        completionTokens = Math.max(completionTokens, reply.getTokens());
        if (!reply.getFinishReason().isEmpty()) {
            finishReason = reply.getFinishReason();
        }
        cachedTokens = Math.max(cachedTokens, reply.getCachedPromptTokens());
        leftOutTokens = Math.max(leftOutTokens, reply.getLeftOutPromptTokens());
        List<AnswerPart> parts = new ArrayList<>();
        List<JsonNode> reports = reports(reply);
        if (!reports.isEmpty()) {
            parts.add(new AnswerPart.Reports(reports));
        }
        if (chat && reply.getChatDeltasCount() > 0) {
            sawDeltas = true;
            reply.getChatDeltasList().forEach(delta -> take(delta, parts));
        } else if (!sawDeltas) {
            addText(joiner.push(reply.getMessage().toByteArray()), parts);
        }
        return parts;
    }

    /** What is no object with an array {@code content} tells nothing. */
    private static List<JsonNode> reports(Reply reply) {
        if (reply.getLogprobs().isEmpty()) {
            return List.of();
        }
        return JsonBodies.parse(reply.getLogprobs().toByteArray())
                .map(json -> List.copyOf(json.path("content").values()))
                .orElse(List.of());
    }

    private void take(ChatDelta delta, List<AnswerPart> parts) {
        if (!delta.getReasoningContent().isEmpty()) {
            parts.add(new AnswerPart.Reasoning(delta.getReasoningContent()));
        }
        addText(delta.getContent(), parts);
        delta.getToolCallsList().forEach(call -> take(call, parts));
    }

    private void take(ToolCallDelta delta, List<AnswerPart> parts) {
        Call call = calls.computeIfAbsent(delta.getIndex(), _ -> new Call());
        if (call.id.isEmpty()) {
            call.id = delta.getId();
        }
        if (call.announced) {
            if (!delta.getArguments().isEmpty()) {
                parts.add(new AnswerPart.ToolCall(delta.getIndex(), "", "", delta.getArguments()));
            }
            return;
        }
        call.held.append(delta.getArguments());
        if (!delta.getName().isEmpty()) {
            call.announced = true;
            String id = call.id.isEmpty() ? Ids.next("call_") : call.id;
            parts.add(new AnswerPart.ToolCall(delta.getIndex(), id, delta.getName(), call.held.toString()));
        }
    }

    private static void addText(String text, List<AnswerPart> parts) {
        if (!text.isEmpty()) {
            parts.add(new AnswerPart.Text(text));
        }
    }

    /** What is left when the last reply has come. */
    List<AnswerPart> finish() {
        List<AnswerPart> parts = new ArrayList<>();
        addText(joiner.finish(), parts);
        return parts;
    }

    /** Why the answer ended: the backend's word, or the best guess. */
    String finishReason() {
        if (calls.values().stream().anyMatch(call -> call.announced)) {
            return "tool_calls";
        }
        return switch (finishReason) {
            case "stop", "length", "tool_calls", "content_filter" -> finishReason;
            default -> limit > 0 && completionTokens >= limit ? "length" : "stop";
        };
    }

    int promptTokens() {
        return promptTokens;
    }

    /** Tokens of the prompt that the backend knew from an earlier request. */
    int cachedTokens() {
        return cachedTokens;
    }

    /** Tokens of the prompt that were left out because it did not fit. */
    int leftOutTokens() {
        return leftOutTokens;
    }

    int completionTokens() {
        return completionTokens;
    }
}
