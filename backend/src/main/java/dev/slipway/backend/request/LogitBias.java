package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code LogitBias}: a JSON object whose names are token ids and whose values are biases. */
final class LogitBias {
    private static final String FIELD = "LogitBias";

    private LogitBias() {}

    static Map<Integer, Float> parse(String text) {
        Map<Integer, Float> biases = new LinkedHashMap<>();
        JsonText.object(FIELD, text).forEach((token, bias) -> biases.put(id(token), number(token, bias)));
        return biases;
    }

    private static int id(String token) {
        try {
            return Integer.parseInt(token.strip());
        } catch (NumberFormatException e) {
            throw BackendException.invalid(
                    FIELD + " has the name '" + token + "', which is no token id.", "Name tokens by their numbers.");
        }
    }

    private static float number(String token, Object bias) {
        if (bias instanceof Number number) {
            return number.floatValue();
        }
        throw BackendException.invalid(
                FIELD + " of token " + token + " is '" + bias + "'.", "Use a number from -100 to 100.");
    }
}
