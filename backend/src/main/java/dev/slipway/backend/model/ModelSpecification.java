package dev.slipway.backend.model;

import dev.slipway.engine.EngineOptions;
import java.nio.file.Path;

/**
 * Which model to load and how.
 *
 * @param identity the host's name for the model, which later requests are checked against; may be empty
 * @param file the model's file or folder
 */
public record ModelSpecification(String identity, Path file, EngineOptions options) {}
