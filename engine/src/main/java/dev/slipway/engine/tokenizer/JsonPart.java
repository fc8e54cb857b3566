package dev.slipway.engine.tokenizer;

import dev.slipway.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An object in one of the documents that describe a tokenizer, with the way to it, so that whatever is wrong can be
 * named.
 */
record JsonPart(JsonNode node, String where) {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(64)
                            .maxStringLength(64 << 20)
                            .build())
                    .build())
            .build();

    /** The object that a document holds. */
    static JsonPart parse(String name, byte[] document) {
        JsonNode node;
        try {
            node = JSON.readTree(document);
        } catch (JacksonException e) {
            throw invalid(name + " is not proper JSON: " + e.getOriginalMessage());
        }
        JsonPart part = new JsonPart(node, name);
        if (!node.isObject()) {
            throw part.wrong("is no object");
        }
        return part;
    }

    /** The name of the component that this describes. */
    String type() {
        return text("type");
    }

    private Optional<JsonNode> value(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    Optional<JsonPart> part(String name) {
        return value(name).map(value -> object(value, where + "." + name));
    }

    JsonPart requiredPart(String name) {
        return part(name).orElseThrow(() -> wrong("has no " + name));
    }

    private static JsonPart object(JsonNode value, String where) {
        JsonPart part = new JsonPart(value, where);
        if (!value.isObject()) {
            throw part.wrong("is no object");
        }
        return part;
    }

    /** The elements of a list of objects, none when it is missing. */
    List<JsonPart> parts(String name) {
        List<JsonPart> parts = new ArrayList<>();
        for (JsonNode element : list(name)) {
            parts.add(object(element, where + "." + name + "[" + parts.size() + "]"));
        }
        return parts;
    }

    /** The elements of a list, none when it is missing. */
    List<JsonNode> list(String name) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong("has a " + name + " that is no list");
        }
        return value.valueStream().toList();
    }

    Optional<String> textIfAny(String name) {
        return value(name).map(value -> {
            if (!value.isString()) {
                throw wrong("has a " + name + " that is no text");
            }
            return value.stringValue();
        });
    }

    String text(String name) {
        return textIfAny(name).orElseThrow(() -> wrong("has no " + name));
    }

    Optional<Boolean> flagIfAny(String name) {
        return value(name).map(value -> {
            if (!value.isBoolean()) {
                throw wrong("has a " + name + " that is neither true nor false");
            }
            return value.booleanValue();
        });
    }

    boolean flag(String name, boolean otherwise) {
        return flagIfAny(name).orElse(otherwise);
    }

    int whole(String name) {
        return whole(value(name).orElseThrow(() -> wrong("has no " + name)), name);
    }

    /** A number that has to be a token's id. */
    int whole(JsonNode value, String what) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw wrong("has a " + what + " that is no whole number from 0 on");
        }
        return value.intValue();
    }

    /** What a token is called, which is written as a text or as an object with its content. */
    Optional<String> tokenName(String name) {
        JsonNode value = node.get(name);
        return value != null && value.isObject()
                ? object(value, where + "." + name).textIfAny("content")
                : textIfAny(name);
    }

    EngineException wrong(String what) {
        return invalid(where + " " + what);
    }

    private static EngineException invalid(String what) {
        return EngineException.invalid(
                "engine.vocabulary-invalid",
                "The tokenizer's " + what + ".",
                "Get the model's files again; these are damaged or newer than this version knows.");
    }

    /** A refusal of what is known to exist and not run here. */
    EngineException unsupported(String what) {
        return EngineException.invalid(
                "engine.tokenizer-unsupported",
                "The tokenizer's " + where + " asks for " + what + ", which this version does not do.",
                "Use another conversion of the model, such as a GGUF file.");
    }
}
