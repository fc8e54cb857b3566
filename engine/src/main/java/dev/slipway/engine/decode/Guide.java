package dev.slipway.engine.decode;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.grammar.TokenGrammar;
import dev.slipway.engine.grammar.TokenSet;
import java.util.Set;

/** Keeps one answer to its grammar: what is not allowed next has no chance before anything else looks at the logits. */
final class Guide {
    private static final float IMPOSSIBLE = Float.NEGATIVE_INFINITY;

    private final TokenGrammar.Run run;
    private final Set<Integer> lastTokens;
    private final TokenSet allowed;
    private boolean shortened;

    /**
     * A guide for an answer.
     *
     * @param lastTokens the tokens that end the answer; allowed where the grammar lets it end
     */
    Guide(TokenGrammar.Run run, int vocabularySize, Set<Integer> lastTokens) {
        this.run = run;
        this.lastTokens = lastTokens;
        this.allowed = new TokenSet(run.free() ? 0 : vocabularySize);
    }

    /**
     * Makes impossible what is not allowed next.
     *
     * @param logits of this sequence alone from {@code offset} on; changed in place
     * @param tokensLeft how many tokens may still come, the next included
     */
    void restrict(float[] logits, int offset, int tokensLeft) {
        if (run.free()) {
            return;
        }
        run.allowed(allowed);
        if (run.mayEnd()) {
            lastTokens.forEach(allowed::add);
        }
        if (allowed.isEmpty()) {
            throw new EngineException(
                    "engine.grammar-stuck",
                    ErrorKind.FAILURE,
                    "No token of the model's vocabulary can go on as the grammar demands.",
                    "Change the grammar so that it can be written with this vocabulary.",
                    null);
        }
        allowed.writeOutside(logits, offset, IMPOSSIBLE);
        if (run.keepWithin(allowed, tokensLeft)) {
            leadToEnd(logits, offset);
        }
    }

    private void leadToEnd(float[] logits, int offset) {
        if (run.mayEnd()) {
            lastTokens.forEach(allowed::add);
        }
        if (!allowed.isEmpty()) {
            shortened |= !allowed.contains(likeliest(logits, offset));
            allowed.writeOutside(logits, offset, IMPOSSIBLE);
        }
    }

    private int likeliest(float[] logits, int offset) {
        int best = 0;
        for (int i = 1; i < allowed.capacity(); i++) {
            if (logits[offset + i] > logits[offset + best]) {
                best = i;
            }
        }
        return best;
    }

    /** Goes on with a token; answers whether the answer is whole and nothing can follow. */
    boolean accept(int token) {
        run.accept(token);
        return run.mustEnd();
    }

    /** Whether the limit on new tokens, and not the model, decided what came. */
    boolean shortened() {
        return shortened;
    }
}
