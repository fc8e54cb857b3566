package dev.slipway.backend.reply;

import com.google.protobuf.ByteString;
import dev.slipway.engine.TokenLogprob;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reports of tokens → the JSON that {@code Reply.logprobs} carries: OpenAI's object with its array {@code content}. */
final class LogprobsJson {
    private static final String CONTENT = "content";
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private LogprobsJson() {}

    static ByteString of(List<TokenLogprob> tokens) {
        ObjectNode json = MAPPER.createObjectNode();
        ArrayNode content = json.putArray(CONTENT);
        for (TokenLogprob token : tokens) {
            ObjectNode entry = content.addObject();
            fill(entry, token);
            ArrayNode alternatives = entry.putArray("top_logprobs");
            token.alternatives().forEach(other -> fill(alternatives.addObject(), other));
        }
        return ByteString.copyFrom(MAPPER.writeValueAsBytes(json));
    }

    private static void fill(ObjectNode entry, TokenLogprob token) {
        // A token that cannot come has no logarithm that JSON could write.
        entry.put("token", token.text()).put("logprob", Math.max(token.logprob(), -9999));
        ArrayNode bytes = entry.putArray("bytes");
        for (byte value : token.bytes()) {
            bytes.add(Byte.toUnsignedInt(value));
        }
    }

    /** The parts of a stream, one behind the other. */
    static ByteString join(List<ByteString> parts) {
        ObjectNode json = MAPPER.createObjectNode();
        ArrayNode content = json.putArray(CONTENT);
        for (ByteString part : parts) {
            content.addAll(MAPPER.readTree(part.toByteArray()).path(CONTENT).values());
        }
        return ByteString.copyFrom(MAPPER.writeValueAsBytes(json));
    }
}
