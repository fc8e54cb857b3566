package dev.slipway.engine.decode;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.Embedding;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.cache.KvPool;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a text and pools its states. */
public final class EmbeddingSequence extends Sequence {
    private final CountDownLatch done = new CountDownLatch(1);
    private double @Nullable [] sum;
    private volatile boolean cancelled;
    private volatile @Nullable Embedding result;
    private volatile @Nullable EngineException failure;

    /** A request for the embedding of some tokens. */
    public EmbeddingSequence(int[] prompt) {
        super(prompt, prompt.length);
    }

    /** Waits for the result. */
    public Embedding await(Duration patience) {
        boolean inTime;
        try {
            inTime = done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            inTime = false;
        }
        EngineException wrong = failure;
        Embedding value = result;
        if (wrong != null) {
            throw wrong;
        }
        if (!inTime || value == null) {
            cancelled = true;
            end();
            throw new EngineException(
                    "engine.timeout",
                    ErrorKind.UNREACHABLE,
                    "The embedding was not ready after " + patience.toSeconds() + " s.",
                    "Try again when fewer requests are running.",
                    null);
        }
        return value;
    }

    @Override
    boolean start(KvPool pool) {
        sum = null;
        return super.start(pool);
    }

    @Override
    boolean cancelled() {
        return cancelled;
    }

    @Override
    boolean generates() {
        return false;
    }

    @Override
    void onState(float[] states, int offset, int width) {
        double[] total = sum == null ? new double[width] : sum;
        for (int i = 0; i < width; i++) {
            total[i] += states[offset + i];
        }
        sum = total;
    }

    @Override
    void choose(float[] logits, int offset, Candidates scratch) {
        throw new IllegalStateException("an embedding wants no logits");
    }

    @Override
    boolean advance() {
        throw new IllegalStateException("an embedding has no answer");
    }

    @Override
    void onPromptRead() {
        double[] total = sum == null ? new double[0] : sum;
        double squares = 0;
        for (double value : total) {
            squares += value * value;
        }
        double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
        float[] values = new float[total.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (total[i] * scale);
        }
        leave();
        if (end()) {
            result = new Embedding(values, promptTokens());
            done.countDown();
        }
    }

    @Override
    void fail(EngineException wrong) {
        if (end()) {
            failure = wrong;
            done.countDown();
        }
    }
}
