package dev.slipway.engine.grammar;

import dev.slipway.engine.EngineException;

/** What can be wrong with a grammar. */
public final class GrammarFault {
    private GrammarFault() {}

    /** A grammar that says nothing that could be followed. */
    public static EngineException invalid(String message, String hint) {
        return EngineException.invalid("engine.invalid-grammar", message, hint);
    }

    /** A grammar beyond a limit. */
    public static EngineException tooLarge(String message) {
        return EngineException.invalid("engine.grammar-too-large", message, "Make it smaller.");
    }

    static EngineException tooComplex() {
        return EngineException.invalid(
                "engine.grammar-too-complex",
                "The grammar leaves too many ways open at one place of the answer.",
                "Write it so that what comes next tells which rule is meant.");
    }
}
