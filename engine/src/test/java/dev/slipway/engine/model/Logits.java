package dev.slipway.engine.model;

import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.PageForm;
import java.util.Arrays;

/** Runs a text through a model. */
final class Logits {
    private Logits() {}

    /** The logits after the last token, the text read at once. */
    static float[] last(TextModel model, int[] tokens) {
        PageForm form = model.shape().pageForm(CacheType.F32, CacheType.F32);
        try (KvPool pool = new KvPool(form, PageForm.pages(tokens.length))) {
            return last(model, tokens, pool.open(new int[0], tokens.length).orElseThrow());
        }
    }

    private static float[] last(TextModel model, int[] tokens, KvCache cache) {
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
