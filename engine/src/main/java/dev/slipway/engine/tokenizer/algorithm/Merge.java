package dev.slipway.engine.tokenizer.algorithm;

import dev.slipway.engine.EngineException;

/** Two neighbours that may become one. */
public record Merge(String left, String right) {
    /** A merge as files write it: both parts with a space between them. */
    public static Merge parse(String text) {
        int space = text.indexOf(' ', 1);
        if (space < 0 || space == text.length() - 1) {
            throw EngineException.invalid(
                    "engine.vocabulary-invalid",
                    "The vocabulary's merge \"" + text + "\" is not two parts with a space between them.",
                    "Get the model file again, or a newer conversion of it.");
        }
        return new Merge(text.substring(0, space), text.substring(space + 1));
    }
}
