package dev.slipway.server.openai;

import dev.slipway.base.ErrorKind;
import dev.slipway.http.Exchange;
import dev.slipway.server.ServerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON in and out of exchanges. */
final class JsonBodies {
    static final String JSON = "application/json";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBodies() {}

    /** Reads the body, which must be a JSON object. */
    static Fields read(Exchange exchange) throws IOException {
        byte[] bytes = exchange.body().readAllBytes();
        if (bytes.length == 0) {
            throw malformed("the body is empty", null);
        }
        try {
            return Fields.of(MAPPER.readTree(bytes), "");
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation();
            String where =
                    location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
            // Behind this the parser talks about its own settings.
            String what = e.getOriginalMessage().replaceFirst("(?s) \\(start marker at .*", "");
            throw malformed(what + where, e);
        }
    }

    private static ServerException malformed(String why, @Nullable Exception cause) {
        return new ServerException(
                "server.malformed-json",
                ErrorKind.INVALID,
                "The request's body is not valid JSON: " + why + ".",
                "Send one JSON object in UTF-8.",
                cause);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** The value of a JSON text that is not a client's; empty when it is none. */
    static Optional<JsonNode> parse(byte[] text) {
        try {
            return Optional.of(MAPPER.readTree(text));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    static JsonNode nothing() {
        return MAPPER.getNodeFactory().nullNode();
    }

    static JsonNode string(String text) {
        return MAPPER.getNodeFactory().stringNode(text);
    }

    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    static void send(Exchange exchange, int status, JsonNode body) throws IOException {
        exchange.send(status, JSON, (write(body) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
