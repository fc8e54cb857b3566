package dev.slipway.engine.tool;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** How the ids of calls are made; they only need to differ within a conversation. */
enum CallIds {
    /** {@code call_} and 24 hexadecimal digits; ids that a model makes up are not used. */
    LONG,
    /** Nine letters and digits, which the templates of Mistral's models insist on; the model's own ids are used. */
    NINE;

    private static final int SHORT_LENGTH = 9;
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (this == LONG) {
            byte[] bytes = new byte[12];
            random.nextBytes(bytes);
            return "call_" + HexFormat.of().formatHex(bytes);
        }
        StringBuilder id = new StringBuilder(SHORT_LENGTH);
        for (int i = 0; i < SHORT_LENGTH; i++) {
            id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return id.toString();
    }

    boolean accepts(String id) {
        return this == NINE
                && id.length() == SHORT_LENGTH
                && id.chars().allMatch(letter -> LETTERS.indexOf(letter) >= 0);
    }
}
