package dev.slipway.backend.reply;

import com.google.protobuf.ByteString;
import dev.slipway.protocol.ChatDelta;
import dev.slipway.protocol.Reply;
import dev.slipway.protocol.ToolCallDelta;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The replies of a stream, put together into the one reply of a call that waits for the whole answer. */
public final class WholeReply {
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final Map<Integer, ToolCallDelta.Builder> calls = new TreeMap<>();
    private final List<ByteString> logprobs = new ArrayList<>();
    private Reply last = Reply.getDefaultInstance();

    /** Takes the next reply of the stream. */
    public void add(Reply reply) {
        message.writeBytes(reply.getMessage().toByteArray());
        reply.getChatDeltasList().forEach(this::merge);
        if (!reply.getLogprobs().isEmpty()) {
            logprobs.add(reply.getLogprobs());
        }
        last = reply;
    }

    private void merge(ChatDelta delta) {
        content.append(delta.getContent());
        reasoning.append(delta.getReasoningContent());
        for (ToolCallDelta part : delta.getToolCallsList()) {
            ToolCallDelta.Builder call = calls.computeIfAbsent(
                    part.getIndex(), index -> ToolCallDelta.newBuilder().setIndex(index));
            if (call.getId().isEmpty()) {
                call.setId(part.getId());
            }
            if (call.getName().isEmpty()) {
                call.setName(part.getName());
            }
            call.setArguments(call.getArguments() + part.getArguments());
        }
    }

    /** The whole, with the counts, times and finish reason of the last reply. */
    public Reply build() {
        Reply.Builder whole = last.toBuilder().clearChatDeltas().setMessage(ByteString.copyFrom(message.toByteArray()));
        if (!content.isEmpty() || !reasoning.isEmpty() || !calls.isEmpty()) {
            ChatDelta.Builder delta =
                    ChatDelta.newBuilder().setContent(content.toString()).setReasoningContent(reasoning.toString());
            calls.values().forEach(delta::addToolCalls);
            whole.addChatDeltas(delta);
        }
        if (!logprobs.isEmpty()) {
            whole.setLogprobs(LogprobsJson.join(logprobs));
        }
        return whole.build();
    }
}
