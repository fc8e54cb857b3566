package dev.slipway.engine.grammar.schema;

import dev.slipway.engine.EngineException;

/** What can be wrong with a schema; each error names the place by its JSON pointer. */
final class SchemaFault {
    private SchemaFault() {}

    /** A part that is right as such and that no grammar is made for. */
    static EngineException unsupported(String pointer, String why) {
        return EngineException.invalid(
                "engine.unsupported-schema",
                "The JSON schema has a part that cannot be kept, at " + pointer + ": " + why + ".",
                "Leave it out, or say it with other keywords.");
    }

    /** A part that is no schema, or that no value satisfies. */
    static EngineException invalid(String pointer, String why) {
        return EngineException.invalid(
                "engine.invalid-schema", "The JSON schema is wrong at " + pointer + ": " + why + ".", "Correct it.");
    }
}
