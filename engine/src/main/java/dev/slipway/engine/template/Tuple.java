package dev.slipway.engine.template;

import java.util.List;

/** A fixed row of values, which prints in parentheses. */
record Tuple(List<Object> items) {
    static Tuple of(Object... items) {
        return new Tuple(List.of(items));
    }
}
