package dev.slipway.engine.decode;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.kernel.KernelProvider;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request in the scheduler: first its prompt is read, then it may go on token by token.
 *
 * <p>A sequence can lose its place and start again later: what it had put in is read once more, as if it belonged to the
 * prompt, and it goes on as if nothing had happened.
 */
abstract sealed class Sequence permits GeneratingSequence, EmbeddingSequence {
    /** What a start reserves beyond the tokens at hand: enough not to have to give way at once. */
    private static final int HEADROOM = 2 * KernelProvider.PAGE;

    private final int promptTokens;
    private final int positions;
    private final AtomicBoolean ended = new AtomicBoolean();
    private Runnable onEnd = () -> {};
    private long arrival;

    /** The prompt, and what was generated so far; all but the last of which has been put in, once the prompt is read. */
    private int[] tokens;

    private int length;
    private int read;
    private int cached = -1;
    private @Nullable KvCache cache;

    /**
     * A request.
     *
     * @param positions most positions that it will ever take
     */
    Sequence(int[] prompt, int positions) {
        this.tokens = prompt.clone();
        this.length = prompt.length;
        this.promptTokens = prompt.length;
        this.positions = positions;
    }

    /** What to do when the sequence ends, before its reader can know, and when it came; set before it is queued. */
    final void queued(long number, Runnable action) {
        arrival = number;
        onEnd = action;
    }

    /** Which request this is, by the order they came in. */
    final long arrival() {
        return arrival;
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
        return promptTokens;
    }

    /** Tokens of the prompt that were known from an earlier request. */
    final int cachedTokens() {
        return Math.max(0, cached);
    }

    /**
     * Gives the sequence its place, if there is room; its tokens are read from where they are not known yet.
     *
     * @return whether there was room
     */
    boolean start(KvPool pool) {
        // Who wants the states of all tokens must compute all of them.
        int[] known = generates() ? Arrays.copyOf(tokens, length) : new int[0];
        Optional<KvCache> opened = pool.open(known, Math.min(positions, length + HEADROOM), positions);
        cache = opened.orElse(null);
        read = opened.map(KvCache::reused).orElse(0);
        if (opened.isPresent() && cached < 0) {
            cached = read;
        }
        return opened.isPresent();
    }

    /** Gives the sequence's pages back, when it takes part in no further pass, or must start again. */
    final void leave() {
        if (cache != null) {
            cache.close();
            cache = null;
        }
    }

    final KvCache cache() {
        KvCache present = cache;
        if (present == null) {
            throw new IllegalStateException("not started");
        }
        return present;
    }

    /** Tokens that can be put into a batch now; one while the sequence generates. */
    final int ready() {
        return length - read;
    }

    /** Makes sure of pages for so many more tokens; answers whether there was room. */
    final boolean reserve(int count) {
        return cache().reserve(read + count);
    }

    /** Takes the next token to put into a batch. */
    final int take() {
        return tokens[read++];
    }

    /** Adds a token that was generated. */
    final void continueWith(int token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(2 * length, 16));
        }
        tokens[length++] = token;
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
