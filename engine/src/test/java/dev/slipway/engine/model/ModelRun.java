package dev.slipway.engine.model;

import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.PageForm;
import dev.slipway.model.OpenModel;
import java.nio.file.Path;
import java.util.Arrays;

/** A model with a pool of pages, run without a scheduler. */
final class ModelRun implements AutoCloseable {
    private static final int MOST_POSITIONS = 2048;

    private final OpenModel file;
    private final Compute compute;
    private final TextModel model;
    private final KvPool pool;

    ModelRun(Path path, String provider) {
        file = OpenModel.open(path);
        compute = new Compute(KernelProviders.choose(provider).provider(), 2);
        model = TextModel.of(file, compute);
        pool = new KvPool(model.shape().pageForm(CacheType.F32, CacheType.F32), PageForm.pages(MOST_POSITIONS));
    }

    /** Opens a sequence; what is known of its beginning is found again. */
    KvCache open(int... prompt) {
        return pool.open(prompt, prompt.length + 64).orElseThrow();
    }

    /** A sequence that knows nothing. */
    private KvCache openEmpty(int positions) {
        return pool.open(new int[0], positions).orElseThrow();
    }

    /** The logits after each token of a new sequence, read {@code piece} tokens at a time. */
    float[][] logits(int[] tokens, int piece) {
        float[][] logits = new float[tokens.length][];
        try (KvCache cache = openEmpty(tokens.length)) {
            for (int from = 0; from < tokens.length; from += piece) {
                int[] part = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + piece));
                System.arraycopy(append(cache, part), 0, logits, from, part.length);
            }
        }
        return logits;
    }

    /** Puts tokens at the end of a sequence and returns the logits after each. */
    float[][] append(KvCache cache, int... tokens) {
        Batch batch = new Batch();
        for (int token : tokens) {
            batch.add(token, cache);
        }
        return rows(batch);
    }

    /** One pass with one token of each sequence. */
    float[][] together(KvCache[] caches, int... tokens) {
        Batch batch = new Batch();
        for (int i = 0; i < caches.length; i++) {
            batch.add(tokens[i], caches[i]);
        }
        return rows(batch);
    }

    private float[][] rows(Batch batch) {
        int vocabulary = model.weights().vocabularySize();
        float[] all = new float[batch.size() * vocabulary];
        model.logits(model.states(batch), batch.size(), all);
        float[][] rows = new float[batch.size()][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(all, i * vocabulary, (i + 1) * vocabulary));
        return rows;
    }

    @Override
    public void close() {
        pool.close();
        compute.close();
        file.close();
    }
}
