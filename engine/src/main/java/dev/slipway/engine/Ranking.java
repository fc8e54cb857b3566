package dev.slipway.engine;

import java.util.List;
import java.util.Locale;

/**
 * How well documents answer a query.
 *
 * @param scores one for each document, in the order in which they were given; the higher the better
 * @param promptTokens tokens that were read for it
 */
public record Ranking(List<Float> scores, Method method, int promptTokens) {
    /** What a score is. */
    public enum Method {
        /** The probability that a model gives which reads query and document together; 0 to 1. */
        CROSS_ENCODER,
        /** The cosine between the vectors of query and document; −1 to 1. */
        EMBEDDING_SIMILARITY;

        /** As people write it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Ranking {
        scores = List.copyOf(scores);
    }
}
