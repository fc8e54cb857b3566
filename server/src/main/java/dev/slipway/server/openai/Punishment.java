package dev.slipway.server.openai;

import dev.slipway.protocol.PredictOptions;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The penalties of a request: OpenAI's two, and the one for repetition that has no name there; {@code repeat_penalty} and
 * {@code repetition_penalty} are the same.
 *
 * @param repeat 0 for none
 * @param repeatLastN how many tokens back; 0 for the backend's own
 */
record Punishment(double frequency, double presence, double repeat, int repeatLastN) {
    private static final double LEAST_REPEAT = 1e-3;
    private static final double MOST_REPEAT = 10;

    static Punishment parse(Fields request) {
        OptionalDouble repeat = request.number("repeat_penalty", LEAST_REPEAT, MOST_REPEAT);
        OptionalDouble other = request.number("repetition_penalty", LEAST_REPEAT, MOST_REPEAT);
        // Looking back on nothing is no penalty; the contract's own 0 means something else.
        OptionalInt lookBack = request.smallInteger("repeat_last_n", -1, Integer.MAX_VALUE);
        return new Punishment(
                request.number("frequency_penalty", -2, 2).orElse(0),
                request.number("presence_penalty", -2, 2).orElse(0),
                lookBack.orElse(1) == 0 ? 0 : repeat.orElse(other.orElse(0)),
                lookBack.orElse(0));
    }

    void apply(PredictOptions.Builder options) {
        options.setFrequencyPenalty((float) frequency)
                .setPresencePenalty((float) presence)
                .setPenalty((float) repeat)
                .setRepeat(repeatLastN);
    }
}
