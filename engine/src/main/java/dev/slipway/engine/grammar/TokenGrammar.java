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
         * Takes away the tokens after which the text could not be ended within so many more tokens, unless nothing would
         * remain.
         *
         * @param out what {@link #allowed} gave
         * @param tokensLeft how many tokens may still come, the next included
         * @return whether any was taken away
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
