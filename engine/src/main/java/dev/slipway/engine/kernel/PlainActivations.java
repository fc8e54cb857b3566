package dev.slipway.engine.kernel;

/** Vectors as they are. */
final class PlainActivations implements Activations {
    private float[] x = {};
    private int tokens;

    @Override
    public void fill(Weights weights, float[] x, int tokens, KernelProvider.Split split) {
        this.x = x;
        this.tokens = tokens;
    }

    @Override
    public boolean suit(Weights weights) {
        return true;
    }

    float[] x() {
        return x;
    }

    int tokens() {
        return tokens;
    }
}
