package dev.slipway.engine.grammar.schema;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A schema's JSON text, read into plain values that keep their order and every digit. */
final class SchemaText {
    /** Longest text, in UTF-16 units. */
    private static final int LONGEST = 1 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private SchemaText() {}

    static @Nullable Object parse(String text) {
        if (text.length() > LONGEST) {
            throw SchemaFault.invalid("#", "it has more than " + LONGEST + " characters");
        }
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (NumberFormatException e) {
            throw SchemaFault.invalid("#", "it has a number beyond all limits");
        } catch (JacksonException e) {
            throw SchemaFault.invalid("#", "it is not JSON: " + e.getOriginalMessage());
        }
    }
}
