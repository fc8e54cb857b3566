package dev.slipway.engine.model;

import java.util.Arrays;

/** Runs a text through a model. */
final class Logits {
    private Logits() {}

    /** The logits after the last token, the text read at once. */
    static float[] last(TextModel model, int[] tokens) {
        KvCache cache = new KvCache(model.shape(), tokens.length);
        Batch batch = new Batch();
        int row = 0;
        for (int token : tokens) {
            row = batch.add(token, cache);
        }
        int width = model.shape().width();
        float[] logits = new float[model.weights().vocabularySize()];
        float[] states = model.states(batch);
        model.logits(Arrays.copyOfRange(states, row * width, (row + 1) * width), 1, logits);
        return logits;
    }
}
