package dev.slipway.server.openai;

import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ServerException;
import java.util.OptionalInt;

/**
 * Whether log probabilities are wanted.
 *
 * @param alternatives how many of the likeliest tokens beside each
 */
record LogprobsWish(boolean wanted, int alternatives) {
    private static final int MOST_OF_A_CHAT = 20;
    private static final int MOST_OF_A_COMPLETION = 5;

    static LogprobsWish ofChat(Fields request) {
        boolean wanted = request.flag("logprobs");
        OptionalInt alternatives = request.smallInteger("top_logprobs", 0, MOST_OF_A_CHAT);
        if (alternatives.isPresent() && !wanted) {
            throw ServerException.invalidRequest(
                    "top_logprobs", "top_logprobs is set, but logprobs is not true.", "Set logprobs to true.");
        }
        return new LogprobsWish(wanted, alternatives.orElse(0));
    }

    static LogprobsWish ofCompletion(Fields request) {
        OptionalInt alternatives = request.smallInteger("logprobs", 0, MOST_OF_A_COMPLETION);
        return new LogprobsWish(alternatives.isPresent(), alternatives.orElse(0));
    }

    void apply(PredictOptions.Builder options) {
        if (wanted) {
            options.setLogprobs(1).setTopLogprobs(alternatives);
        }
    }
}
