package dev.slipway.engine;

/**
 * The vector of a text, or those of its tokens.
 *
 * @param values the vectors, row by row, each of length 1 in the Euclidean norm; not copied
 * @param vectors how many: 1, or with {@link Pooling#NONE} one for each token
 * @param promptTokens tokens that were read
 */
@SuppressWarnings("ArrayRecordComponent") // A hot value that nobody compares.
public record Embedding(float[] values, int vectors, int promptTokens) {
    /** Elements of a vector. */
    public int width() {
        return values.length / vectors;
    }
}
