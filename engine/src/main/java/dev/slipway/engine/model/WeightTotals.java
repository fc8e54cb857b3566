package dev.slipway.engine.model;

/**
 * The weights of a model, counted.
 *
 * @param vocabularySize token ids from 0 up to this, not including it
 * @param parameters number of weights
 * @param bytes what they take in their stored form
 */
public record WeightTotals(int vocabularySize, long parameters, long bytes) {}
