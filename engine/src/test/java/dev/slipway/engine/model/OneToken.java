package dev.slipway.engine.model;

import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.kernel.PageForm;

/** Runs a model for a moment. */
public final class OneToken {
    private OneToken() {}

    /** The logits after the vocabulary's first token. */
    public static float[] logits(TextModel model, PageForm form) {
        try (KvPool pool = new KvPool(form, 1);
                KvCache cache = pool.open(new int[0], 1).orElseThrow()) {
            Batch batch = new Batch();
            batch.add(0, cache);
            float[] logits = new float[model.weights().vocabularySize()];
            model.logits(model.states(batch), 1, logits);
            return logits;
        }
    }
}
