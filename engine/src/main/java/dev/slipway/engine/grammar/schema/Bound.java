package dev.slipway.engine.grammar.schema;

import java.math.BigDecimal;

/** A limit of a number, which the number may have itself or not. */
record Bound(BigDecimal value, boolean inclusive) {
    Bound negated() {
        return new Bound(value.negate(), inclusive);
    }
}
