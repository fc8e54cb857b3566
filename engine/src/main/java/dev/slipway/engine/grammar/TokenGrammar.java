package dev.slipway.engine.grammar;

/**
 * A grammar compiled for one vocabulary. Safe for use by many threads; its runs are not.
 *
 * <p>The language is one of bytes, so a token that holds a part of a character, or runs from one rule into another, is
 * judged exactly. Control tokens are never part of a text.
 */
public interface TokenGrammar {
    /** Every text. */
    TokenGrammar ANY = () -> AnyRun.ONLY;

    /** Begins an answer. */
    Run newRun();

    /** One answer as far as it has come. */
    interface Run {
        /** Whether nothing is ever forbidden, so that {@link #allowed} need not be asked. */
        default boolean free() {
            return false;
        }

        /**
         * Puts the tokens that may come next into a set, in place of what it held. The set is empty only where the text
         * must end, or where the vocabulary has no token that goes on.
         */
        void allowed(TokenSet out);

        /**
         * Finds the allowed tokens after which the text can still be ended within the limit on tokens, counting a token
         * for each byte that is needed.
         *
         * @param out receives them, when these are not all that are allowed
         * @param tokensLeft how many tokens may still come, the next included
         * @return whether {@code out} was written; not when all are within the limit, nor when no end is
         */
        boolean keepWithin(TokenSet out, int tokensLeft);

        /** Goes on with a token, which must be allowed. */
        void accept(int token);

        /** Whether the text is whole as it stands. */
        boolean mayEnd();

        /** Whether the text is whole and nothing can follow. */
        boolean mustEnd();
    }
}
