package dev.slipway.engine.grammar.schema;

import dev.slipway.engine.grammar.GrammarFault;
import java.util.List;
import java.util.Map;

/** What one schema may cost: a few lines of references can ask for more than any machine has. */
final class Effort {
    private static final long MOST = 10_000_000;

    /** A step that is more than a comparison. */
    static final int STEP = 20;

    private long spent;

    /** Pays for what comes next. */
    void spend(long steps) {
        spent += steps;
        if (spent > MOST) {
            throw GrammarFault.tooLarge("The JSON schema combines its parts in too many ways.");
        }
    }

    /** What it takes to look through a demand. */
    static long of(Demand demand) {
        long steps = STEP + demand.properties().size() + values(demand);
        for (SchemaNode keyword : demand.keywords().values()) {
            steps += switch (keyword.value()) {
                case List<?> list -> list.size();
                case Map<?, ?> map -> map.size();
                case null -> 1;
                case Object _ -> 1;
            };
        }
        return steps;
    }

    /** What it takes to compare two demands. */
    static long of(Demand one, Demand other) {
        return of(one) + of(other) + (long) values(one) * values(other);
    }

    private static int values(Demand demand) {
        List<?> values = demand.values();
        return values == null ? 0 : values.size();
    }
}
