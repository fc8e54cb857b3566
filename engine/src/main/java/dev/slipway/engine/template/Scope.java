package dev.slipway.engine.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables by name; a name that is not here is looked for in what is around. */
final class Scope {
    private final @Nullable Scope around;
    private final Map<String, Object> variables = new HashMap<>();

    Scope(@Nullable Scope around) {
        this.around = around;
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return Undefined.name(name);
    }

    void put(String name, Object value) {
        variables.put(name, value);
    }
}
