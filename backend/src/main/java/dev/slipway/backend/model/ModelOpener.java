package dev.slipway.backend.model;

import dev.slipway.engine.TextEngine;

/** Makes an engine of a model file. */
@FunctionalInterface
public interface ModelOpener {
    /**
     * Loads a model; may take long.
     *
     * @throws dev.slipway.base.CodedException when the file is missing, damaged or of a kind that cannot be run
     */
    TextEngine open(ModelSpecification specification);
}
