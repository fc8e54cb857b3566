package dev.slipway.engine;

/**
 * The vector of a text, or those of its tokens.
 *
 * @param values the vectors, row by row, each of length 1 in the Euclidean norm; not copied
 * @param perToken whether there is one vector for each token, and not one for all
 * @param promptTokens tokens that were read
 */
@SuppressWarnings("ArrayRecordComponent") // A hot value that nobody compares.
public record Embedding(float[] values, boolean perToken, int promptTokens) {
    /** How many vectors there are. */
    public int vectors() {
        return perToken ? promptTokens : 1;
    }

    /** Elements of a vector. */
    public int width() {
        return values.length / vectors();
    }
}
