package dev.slipway.server.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Collects what a backend reports of each token, until it is put into an answer. */
final class TokenReports {
    private final List<JsonNode> tokens = new ArrayList<>();
    private final Utf8Joiner joiner = new Utf8Joiner();
    private int textOffset;

    void add(List<JsonNode> more) {
        tokens.addAll(more);
    }

    /** The {@code logprobs} of a chat's choice with what came since the last call; null when nothing did. */
    JsonNode takeChat() {
        if (tokens.isEmpty()) {
            return JsonBodies.nothing();
        }
        ObjectNode json = JsonBodies.object();
        json.putArray("content").addAll(tokens);
        json.putNull("refusal");
        tokens.clear();
        return json;
    }

    /** The {@code logprobs} of a completion's choice, in its older form, with what came since the last call. */
    JsonNode takeCompletion() {
        if (tokens.isEmpty()) {
            return JsonBodies.nothing();
        }
        ObjectNode json = JsonBodies.object();
        ArrayNode names = json.putArray("tokens");
        ArrayNode logprobs = json.putArray("token_logprobs");
        ArrayNode others = json.putArray("top_logprobs");
        ArrayNode offsets = json.putArray("text_offset");
        for (JsonNode token : tokens) {
            names.add(name(token));
            logprobs.add(token.path("logprob").doubleValue());
            ObjectNode alternatives = others.addObject();
            token.path("top_logprobs")
                    .forEach(other ->
                            alternatives.put(name(other), other.path("logprob").doubleValue()));
            offsets.add(textOffset);
            String text = joiner.push(bytes(token));
            textOffset += text.codePointCount(0, text.length());
        }
        tokens.clear();
        return json;
    }

    /** The token's text, or its bytes where they are no whole characters: so different tokens have different names. */
    private static String name(JsonNode token) {
        byte[] bytes = bytes(token);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        StringBuilder name = new StringBuilder("bytes:");
        for (byte value : bytes) {
            name.append(String.format(Locale.ROOT, "\\x%02x", Byte.toUnsignedInt(value)));
        }
        return name.toString();
    }

    private static byte[] bytes(JsonNode token) {
        JsonNode values = token.path("bytes");
        if (!values.isArray()) {
            return token.path("token").asString("").getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values.path(i).intValue();
        }
        return bytes;
    }
}
