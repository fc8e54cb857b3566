package dev.slipway.model;

/**
 * A tensor in one of the files of a model.
 *
 * @param file the open file that holds it
 * @param info under the name that it has there
 */
public record StoredTensor(ModelFile file, TensorInfo info) {}
