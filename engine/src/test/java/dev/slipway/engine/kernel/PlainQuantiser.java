package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.BlockForm;

/** What rounding activations means, block by block. */
final class PlainQuantiser {
    private PlainQuantiser() {}

    /** The numbers that the rounded activations stand for. */
    static float[] rounded(float[] x, BlockForm form) {
        int unit = form.unit();
        float most = form.mostActivation();
        float[] rounded = new float[x.length];
        for (int from = 0; from < x.length; from += unit) {
            float largest = 0;
            for (int i = from; i < from + unit; i++) {
                largest = Math.max(largest, Math.abs(x[i]));
            }
            float scale = largest / most;
            float inverse = most / Math.max(largest, 1e-30f);
            for (int i = from; i < from + unit; i++) {
                rounded[i] = (float) Math.rint(x[i] * inverse) * scale;
            }
        }
        return rounded;
    }
}
