package dev.slipway.engine.grammar;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A grammar: rules by name, and the one that a text begins with.
 *
 * @param rules in the order in which they were written
 */
public record Rules(Map<String, Expression> rules, String root) {
    public Rules {
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }

    /** What a rule says; the rule must exist. */
    Expression body(String name) {
        return Objects.requireNonNull(rules.get(name), name);
    }
}
