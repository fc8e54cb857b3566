package dev.slipway.engine.grammar;

/** Forbids nothing. */
enum AnyRun implements TokenGrammar.Run {
    ONLY;

    @Override
    public boolean free() {
        return true;
    }

    @Override
    public void allowed(TokenSet out) {
        out.fill();
    }

    @Override
    public boolean keepWithin(TokenSet out, int tokensLeft) {
        return false;
    }

    @Override
    public void accept(int token) {}

    @Override
    public boolean mayEnd() {
        return true;
    }

    @Override
    public boolean mustEnd() {
        return false;
    }
}
