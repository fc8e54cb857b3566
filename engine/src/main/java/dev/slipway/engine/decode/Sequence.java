package dev.slipway.engine.decode;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.cache.KvPool;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request in the scheduler: first its prompt is read, then it may go on token by token. */
abstract sealed class Sequence permits GeneratingSequence, EmbeddingSequence {
    private final int[] prompt;
    private final int positions;
    private final AtomicBoolean ended = new AtomicBoolean();
    private Runnable onEnd = () -> {};
    private int read;
    private int cached;
    private int pending;
    private @Nullable KvCache cache;

    /**
     * A request.
     *
     * @param positions most positions that it will ever take
     */
    Sequence(int[] prompt, int positions) {
        this.prompt = prompt.clone();
        this.positions = positions;
    }

    /** What to do when the sequence ends, before its reader can know; set before it is queued. */
    final void onEnd(Runnable action) {
        onEnd = action;
    }

    /** Ends the sequence; answers whether it had not ended before. */
    final boolean end() {
        boolean first = ended.compareAndSet(false, true);
        if (first) {
            onEnd.run();
        }
        return first;
    }

    final boolean ended() {
        return ended.get();
    }

    final int promptTokens() {
        return prompt.length;
    }

    /** Tokens of the prompt that were known from an earlier request. */
    final int cachedTokens() {
        return cached;
    }

    /**
     * Gives the sequence its place, if there is room; its prompt is read from now on, from where it is not known yet.
     *
     * @return whether there was room
     */
    boolean start(KvPool pool) {
        // Who wants the states of all tokens must compute all of them.
        Optional<KvCache> opened = pool.open(generates() ? prompt : new int[0], positions);
        cache = opened.orElse(null);
        cached = opened.map(KvCache::reused).orElse(0);
        read = cached;
        return opened.isPresent();
    }

    /** Gives the sequence's pages back, when it will take part in no further pass. */
    final void leave() {
        if (cache != null) {
            cache.close();
        }
    }

    final KvCache cache() {
        KvCache present = cache;
        if (present == null) {
            throw new IllegalStateException("not started");
        }
        return present;
    }

    /** Tokens that can be put into a batch now. */
    final int ready() {
        return read < prompt.length ? prompt.length - read : 1;
    }

    final boolean readingPrompt() {
        return read < prompt.length;
    }

    /** Takes the next token to put into a batch. */
    final int take() {
        return read < prompt.length ? prompt[read++] : pending;
    }

    final void continueWith(int token) {
        pending = token;
    }

    /** Whether the owner has lost interest; the scheduler drops the sequence before its next token. */
    abstract boolean cancelled();

    /** Whether logits are wanted once the prompt has been read. */
    abstract boolean generates();

    /** Sees the final state of one token. */
    abstract void onState(float[] states, int offset, int width);

    /**
     * Chooses the next token by the logits after the last one that was put in, which may be changed. Runs beside other
     * sequences' calls.
     */
    abstract void choose(float[] logits, int offset, Candidates scratch);

    /**
     * Takes the token that was chosen into the answer.
     *
     * @return whether the sequence goes on
     */
    abstract boolean advance();

    /** The prompt has been read, and no logits were wanted. */
    abstract void onPromptRead();

    /** Ends the sequence with an error, unless it has ended. */
    abstract void fail(EngineException failure);
}
