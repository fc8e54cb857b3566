package dev.slipway.engine.decode;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.Pooling;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.embedding.Pooler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a text and pools its states. */
public final class EmbeddingSequence extends Sequence {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Pooling pooling;
    private @Nullable Pooler pooler;
    private volatile boolean cancelled;
    private volatile float @Nullable [] result;
    private volatile @Nullable EngineException failure;

    /** A request for the vectors of some tokens. */
    public EmbeddingSequence(int[] prompt, Pooling pooling) {
        super(prompt, prompt.length);
        this.pooling = pooling;
    }

    /** Waits for the vectors, which have length 1; row by row. */
    public float[] await(Duration patience) {
        boolean inTime;
        try {
            inTime = done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            inTime = false;
        }
        EngineException wrong = failure;
        float[] value = result;
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
        pooler = null;
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
        Pooler present = pooler;
        if (present == null) {
            present = new Pooler(pooling, width);
            pooler = present;
        }
        present.add(states, offset);
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
        Pooler present = pooler;
        leave();
        if (end()) {
            result = present == null ? new float[0] : present.vectors();
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
