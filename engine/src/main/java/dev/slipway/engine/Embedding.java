package dev.slipway.engine;

/**
 * One pooled vector.
 *
 * @param values the vector, of length 1 in the Euclidean norm; not copied
 * @param promptTokens tokens that were read
 */
@SuppressWarnings("ArrayRecordComponent") // A hot value that nobody compares.
public record Embedding(float[] values, int promptTokens) {}
