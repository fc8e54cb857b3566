package dev.slipway.engine;

/**
 * What may happen, and what happened, to a prompt that does not fit the context.
 *
 * @param allowed whether its oldest part may be left out; else it is refused
 * @param leftOutTokens how many tokens of it were left out
 */
public record Truncation(boolean allowed, int leftOutTokens) {
    /** Prompts that do not fit are refused. */
    public static final Truncation REFUSED = new Truncation(false, 0);

    /** The oldest part of a prompt that does not fit may be left out. */
    public static final Truncation ALLOWED = new Truncation(true, 0);
}
