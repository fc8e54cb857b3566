package dev.slipway.engine.grammar;

/**
 * The tokens that may come at a configuration.
 *
 * @param tokens kept small where few are allowed
 * @param farthest the most bytes from the end of the text that any of them can lead to
 */
record Mask(Tokens tokens, int farthest) {
    /** Up to this many tokens a list is smaller than a set. */
    private static final int MOST_LISTED = 512;

    /** Tokens, in one of two forms. */
    sealed interface Tokens {
        /** Few of them. */
        @SuppressWarnings("ArrayRecordComponent") // Nobody compares masks.
        record Few(int[] ids) implements Tokens {}

        /** Any number. */
        record Many(TokenSet set) implements Tokens {}
    }

    static Mask of(TokenSet set, int farthest) {
        if (set.size() <= MOST_LISTED) {
            return new Mask(new Tokens.Few(set.toArray()), farthest);
        }
        TokenSet copy = new TokenSet(set.capacity());
        copy.copyOf(set);
        return new Mask(new Tokens.Many(copy), farthest);
    }

    void copyInto(TokenSet out) {
        switch (tokens) {
            case Tokens.Few(int[] ids) -> {
                out.clear();
                for (int id : ids) {
                    out.add(id);
                }
            }
            case Tokens.Many(TokenSet set) -> out.copyOf(set);
        }
    }

    boolean large() {
        return tokens instanceof Tokens.Many;
    }
}
