package dev.slipway.backend.model;

import dev.slipway.engine.TextEngine;
import dev.slipway.engine.TextEngines;

/** Opens models with the project's own engine. */
public final class EngineModels {
    private EngineModels() {}

    /** A {@link ModelOpener}. */
    public static TextEngine open(ModelSpecification specification) {
        return TextEngines.open(specification.file(), specification.options());
    }
}
