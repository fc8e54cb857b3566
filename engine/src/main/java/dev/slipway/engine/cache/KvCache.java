package dev.slipway.engine.cache;

import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.Page;
import dev.slipway.engine.kernel.PageForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys and values of one sequence: first pages that it shares with other caches, then pages of its own. Positions are
 * made room for by {@link #append} and count as known once a pass has {@link #computed} them; a page of its own whose
 * positions are all known is shared from then on.
 *
 * <p>Used by the thread that uses its {@link KvPool}.
 */
public final class KvCache implements AutoCloseable {
    private static final int PAGE = KernelProvider.PAGE;

    private final KvPool pool;
    private int mostPages;
    private final List<PrefixNode> shared = new ArrayList<>();
    private final List<Page> own = new ArrayList<>();
    private int[] tokens = new int[PAGE];
    private int length;
    private int computed;
    private int reused;
    private boolean closed;

    KvCache(KvPool pool, int mostPages) {
        this.pool = pool;
        this.mostPages = mostPages;
    }

    // ---- the pool's side

    void share(PrefixNode node) {
        shared.add(node);
        addTokens(node.run().tokens());
    }

    void startWith(Page copy, int[] known) {
        own.add(copy);
        addTokens(known);
    }

    private void addTokens(int[] more) {
        tokens = Arrays.copyOf(tokens, Math.max(tokens.length, length + more.length + PAGE));
        System.arraycopy(more, 0, tokens, length, more.length);
        length += more.length;
    }

    void opened() {
        computed = length;
        reused = length;
    }

    List<PrefixNode> shared() {
        return shared;
    }

    List<Page> own() {
        return own;
    }

    // ---- everybody's side

    /** Positions in use. */
    public int length() {
        return length;
    }

    /** Positions that were known when the cache was opened and need not be computed. */
    public int reused() {
        return reused;
    }

    /**
     * Makes sure that so many positions in all can be appended.
     *
     * @return false, and nothing has changed, while other caches leave too little room
     */
    public boolean reserve(int positions) {
        int pages = Math.toIntExact(PageForm.pages(positions));
        if (pages > mostPages) {
            if (!pool.reserve(pages - mostPages)) {
                return false;
            }
            mostPages = pages;
        }
        return true;
    }

    /** Makes room for one more token, which must have been reserved, and returns its position. */
    public int append(int token) {
        if (closed) {
            throw new IllegalStateException("the KV cache is closed");
        }
        if (length == pages() * PAGE) {
            if (pages() == mostPages) {
                throw new IllegalStateException("the KV cache is full at " + length + " positions");
            }
            own.add(pool.take());
        }
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * length);
        }
        tokens[length] = token;
        return length++;
    }

    private int pages() {
        return shared.size() + own.size();
    }

    /** The page that holds positions from {@code index ·} {@value KernelProvider#PAGE} on. */
    public Page page(int index) {
        return index < shared.size() ? shared.get(index).page() : own.get(index - shared.size());
    }

    /** Keys and values of all layers have been stored for the first {@code positions}. */
    public void computed(int positions) {
        if (positions < computed || positions > length) {
            throw new IllegalArgumentException(positions + " positions computed of " + length);
        }
        computed = positions;
        while ((shared.size() + 1) * PAGE <= computed) {
            int at = shared.size() * PAGE;
            shared.add(pool.publish(shared, Arrays.copyOfRange(tokens, at, at + PAGE), own.removeFirst()));
        }
    }

    /** Gives the pages back; what has been computed may be found again. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            int at = shared.size() * PAGE;
            pool.takeBack(this, mostPages - pages(), Arrays.copyOfRange(tokens, at, Math.max(at, computed)));
        }
    }
}
