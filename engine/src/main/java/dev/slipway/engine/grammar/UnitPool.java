package dev.slipway.engine.grammar;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The character sets of one grammar, each made once: their tables are large beside the few letters that ask for them. */
public final class UnitPool {
    private static final int MOST = 4_000;

    private final Function<CodePoints, Unit> notation;
    private final Map<CodePoints, Unit> made = new HashMap<>();

    /**
     * A pool without any.
     *
     * @param notation how a character out of a set is written
     */
    public UnitPool(Function<CodePoints, Unit> notation) {
        this.notation = notation;
    }

    /**
     * The unit of a set.
     *
     * @throws dev.slipway.engine.EngineException {@code engine.grammar-too-large}
     */
    public Unit of(CodePoints points) {
        Unit known = made.get(points);
        if (known == null) {
            if (made.size() >= MOST) {
                throw GrammarFault.tooLarge("The grammar has more than " + MOST + " different sets of characters.");
            }
            known = notation.apply(points);
            made.put(points, known);
        }
        return known;
    }
}
