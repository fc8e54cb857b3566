package dev.slipway.server.openai;

import dev.slipway.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** A JSON object of a request, read field by field; {@code null} counts as absent, and unknown fields are no error. */
record Fields(JsonNode node, String path) {
    static Fields of(JsonNode node, String path) {
        if (!node.isObject()) {
            throw ServerException.invalidRequest(
                    path, (path.isEmpty() ? "The request" : path) + " is not a JSON object.", "");
        }
        return new Fields(node, path);
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    Optional<JsonNode> value(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    JsonNode required(String name) {
        return value(name)
                .orElseThrow(() ->
                        ServerException.invalidRequest(at(name), "The parameter " + at(name) + " is missing.", ""));
    }

    Optional<String> string(String name) {
        return value(name).map(value -> {
            if (!value.isString()) {
                throw wrongType(name, "a string");
            }
            return value.stringValue();
        });
    }

    String requiredString(String name) {
        required(name);
        return string(name).orElseThrow();
    }

    boolean flag(String name) {
        return value(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw wrongType(name, "true or false");
                    }
                    return value.booleanValue();
                })
                .orElse(false);
    }

    OptionalLong integer(String name, long least, long most) {
        Optional<JsonNode> value = value(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!value.get().isIntegralNumber() || !value.get().canConvertToLong()) {
            throw wrongType(name, "a whole number");
        }
        long number = value.get().longValue();
        if (number < least || number > most) {
            throw outOfRange(name, "" + number, least + " to " + most);
        }
        return OptionalLong.of(number);
    }

    OptionalInt smallInteger(String name, int least, int most) {
        OptionalLong value = integer(name, least, most);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    OptionalDouble number(String name, double least, double most) {
        Optional<JsonNode> value = value(name);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (!value.get().isNumber()) {
            throw wrongType(name, "a number");
        }
        double number = value.get().doubleValue();
        if (!(number >= least && number <= most)) {
            throw outOfRange(name, value.get().toString(), least + " to " + most);
        }
        return OptionalDouble.of(number);
    }

    Optional<Fields> object(String name) {
        return value(name).map(value -> Fields.of(value, at(name)));
    }

    /** The elements of an array; empty when it is absent. */
    List<JsonNode> array(String name, int most) {
        Optional<JsonNode> value = value(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray()) {
            throw wrongType(name, "an array");
        }
        if (value.get().size() > most) {
            throw outOfRange(name, value.get().size() + " elements", "at most " + most);
        }
        return List.copyOf(value.get().values());
    }

    /** A string, or an array of them. */
    List<String> strings(String name, int most) {
        if (value(name).filter(JsonNode::isString).isPresent()) {
            return List.of(requiredString(name));
        }
        List<String> strings = new ArrayList<>();
        for (JsonNode element : array(name, most)) {
            if (!element.isString()) {
                throw wrongType(name, "a string or an array of strings");
            }
            strings.add(element.stringValue());
        }
        return strings;
    }

    /** Refuses what would silently do nothing. */
    void refuse(String name, boolean asked, String why, String hint) {
        if (asked) {
            throw ServerException.unsupported(at(name), why, hint);
        }
    }

    ServerException wrongType(String name, String wanted) {
        return ServerException.invalidRequest(
                at(name), "The parameter " + at(name) + " is not " + wanted + ".", "Send " + wanted + ".");
    }

    private ServerException outOfRange(String name, String given, String range) {
        return ServerException.invalidRequest(
                at(name), "The parameter " + at(name) + " is " + given + ".", "Use " + range + ".");
    }
}
