package dev.slipway.engine.measure;

import dev.slipway.engine.TextEngine;
import java.util.SplittableRandom;

/** Text that a model's tokenizer turns into a given number of tokens, different for each seed from the first word on. */
public final class PromptText {
    private static final int LONGEST_WORD = 6;

    private PromptText() {}

    /** A text of so many tokens, or the longest one below. */
    public static String of(TextEngine engine, int tokens, long seed) {
        String text = words(engine, tokens, seed);
        int fits = 1;
        int exceeds = text.length() + 1;
        while (exceeds - fits > 1) {
            int middle = (fits + exceeds) >>> 1;
            if (engine.tokenize(text.substring(0, middle)).size() <= tokens) {
                fits = middle;
            } else {
                exceeds = middle;
            }
        }
        return text.substring(0, fits);
    }

    private static String words(TextEngine engine, int tokens, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        do {
            // Each word has at least one token, so this ends.
            for (int i = 0; i < tokens; i++) {
                int letters = 1 + random.nextInt(LONGEST_WORD);
                for (int l = 0; l < letters; l++) {
                    text.append((char) ('a' + random.nextInt(26)));
                }
                text.append(' ');
            }
        } while (engine.tokenize(text.toString()).size() < tokens);
        return text.toString();
    }
}
