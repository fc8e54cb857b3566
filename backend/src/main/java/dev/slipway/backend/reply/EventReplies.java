package dev.slipway.backend.reply;

import com.google.protobuf.ByteString;
import dev.slipway.engine.TextEvent;
import dev.slipway.engine.TokenLogprob;
import dev.slipway.protocol.ChatDelta;
import dev.slipway.protocol.Reply;
import dev.slipway.protocol.ToolCallDelta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Events of one generation → replies of a stream. Counts are running totals in every reply; times, in milliseconds, and
 * the finish reason come with the last. Log probabilities come with the reply that holds their tokens' text.
 */
public final class EventReplies {
    private static final double NANOS_PER_MILLISECOND = 1e6;

    private final boolean chat;
    private final List<TokenLogprob> pending = new ArrayList<>();
    private int promptTokens;

    /** @param chat whether chat deltas are wanted beside the text */
    public EventReplies(boolean chat) {
        this.chat = chat;
    }

    /** The reply for an event, or empty when the event has nothing to say to a host. */
    public Optional<Reply> of(TextEvent event) {
        return switch (event) {
            case TextEvent.Started started -> {
                promptTokens = started.promptTokens();
                yield Optional.empty();
            }
            case TextEvent.Content content -> Optional.of(content(content));
            case TextEvent.Reasoning reasoning ->
                Optional.of(delta(
                        ChatDelta.newBuilder().setReasoningContent(reasoning.text()), reasoning.completionTokens()));
            case TextEvent.ToolCall call ->
                Optional.of(delta(ChatDelta.newBuilder().addToolCalls(toolCall(call)), call.completionTokens()));
            case TextEvent.Logprobs logprobs -> {
                pending.addAll(logprobs.tokens());
                yield Optional.empty();
            }
            case TextEvent.Finished finished -> Optional.of(last(finished));
        };
    }

    private Reply content(TextEvent.Content content) {
        Reply.Builder reply = counted(content.completionTokens()).setMessage(ByteString.copyFromUtf8(content.text()));
        if (chat) {
            reply.addChatDeltas(ChatDelta.newBuilder().setContent(content.text()));
        }
        return reply.build();
    }

    private Reply delta(ChatDelta.Builder delta, int completionTokens) {
        return counted(completionTokens).addChatDeltas(delta).build();
    }

    private static ToolCallDelta toolCall(TextEvent.ToolCall call) {
        return ToolCallDelta.newBuilder()
                .setIndex(call.index())
                .setId(call.id())
                .setName(call.name())
                .setArguments(call.arguments())
                .build();
    }

    private Reply last(TextEvent.Finished finished) {
        TextEvent.Usage usage = finished.usage();
        return withLogprobs(Reply.newBuilder())
                .setTokens(usage.completionTokens())
                .setPromptTokens(usage.promptTokens())
                .setCachedPromptTokens(usage.cachedTokens())
                .setLeftOutPromptTokens(usage.leftOutTokens())
                .setTimingPromptProcessing(milliseconds(usage.promptTime()))
                .setTimingTokenGeneration(milliseconds(usage.generationTime()))
                .setFinishReason(finished.reason().name().toLowerCase(Locale.ROOT))
                .build();
    }

    private Reply.Builder counted(int completionTokens) {
        return withLogprobs(Reply.newBuilder()).setTokens(completionTokens).setPromptTokens(promptTokens);
    }

    private Reply.Builder withLogprobs(Reply.Builder reply) {
        if (!pending.isEmpty()) {
            reply.setLogprobs(LogprobsJson.of(pending));
            pending.clear();
        }
        return reply;
    }

    private static double milliseconds(Duration time) {
        return time.toNanos() / NANOS_PER_MILLISECOND;
    }
}
