package dev.slipway.engine.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tools that a request offers: their names, and what the schemas of their parameters say. */
public final class DeclaredTools {
    /** No tools. */
    public static final DeclaredTools NONE = new DeclaredTools(Map.of());

    private final Map<String, Map<?, ?>> parameters;

    private DeclaredTools(Map<String, Map<?, ?>> parameters) {
        this.parameters = parameters;
    }

    /** Tool definitions in the OpenAI shape, with or without the wrapping {@code function} object. */
    public static DeclaredTools of(List<Map<String, Object>> tools) {
        Map<String, Map<?, ?>> parameters = new LinkedHashMap<>();
        for (Map<String, Object> tool : tools) {
            Map<?, ?> function = tool.get("function") instanceof Map<?, ?> inner ? inner : tool;
            if (function.get("name") instanceof String name) {
                parameters.put(name, function.get("parameters") instanceof Map<?, ?> schema ? schema : Map.of());
            }
        }
        return new DeclaredTools(parameters);
    }

    boolean isEmpty() {
        return parameters.isEmpty();
    }

    boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** Whether some tool's name begins this way. */
    boolean beginsWith(String start) {
        return parameters.keySet().stream().anyMatch(name -> name.startsWith(start));
    }

    /** What the schema says of one parameter; absent when it says nothing. */
    Optional<ParameterType> type(String function, String parameter) {
        Map<?, ?> schema = parameters.getOrDefault(function, Map.of());
        if (schema.get("properties") instanceof Map<?, ?> properties
                && properties.get(parameter) instanceof Object of) {
            return Optional.of(ParameterType.of(of, schema));
        }
        return Optional.empty();
    }
}
