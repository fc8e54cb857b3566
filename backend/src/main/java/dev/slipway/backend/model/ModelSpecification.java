package dev.slipway.backend.model;

import dev.slipway.engine.EngineOptions;
import dev.slipway.model.hub.HubModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which model to load and how.
 *
 * @param identity the host's name for the model, which later requests are checked against; may be empty
 * @param file the model's file or folder
 * @param hub the model on the Hub that is meant instead, when there is no such file
 */
public record ModelSpecification(String identity, Path file, Optional<HubModel> hub, EngineOptions options) {
    /** A model that is a file or folder here. */
    public ModelSpecification(String identity, Path file, EngineOptions options) {
        this(identity, file, Optional.empty(), options);
    }
}
