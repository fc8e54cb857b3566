package dev.slipway.engine.cache;

import dev.slipway.base.ByteSize;
import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.cache.PrefixNode.Run;
import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.Page;
import dev.slipway.engine.kernel.PageForm;
import dev.slipway.engine.kernel.PageMemory;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All pages of a model's KV cache: outside the Java heap, taken from the host as they are needed, never more than a
 * maximum.
 *
 * <p>A page that has been filled and computed is shared by every cache whose tokens begin the same: pages hang in a tree
 * by their tokens, which are compared one by one. When a cache is closed, its pages stay where they are until space is
 * needed, and then the one that has been unused for longest goes first. Where a text leaves a known one in the middle of a
 * page, the page is copied and the rest of it computed anew.
 *
 * <p>Opening reserves what a cache needs at first, and {@link KvCache#reserve} more; what has been reserved never lacks a
 * page. So a pool can be lent beyond its size to caches of which few will ever need all they may.
 *
 * <p>One thread at a time uses the pool and its caches; {@link #usage} alone may be asked by any. The pool is closed after
 * the last pass over its pages has ended.
 */
public final class KvPool implements AutoCloseable {
    private static final int PAGE = KernelProvider.PAGE;

    /** Copying a page costs as much as computing very few tokens. */
    private static final int WORTH_COPYING = 4;

    private final PageForm form;
    private final long mostPages;
    private final PageMemory memory;
    private final PrefixNode root = PrefixNode.root();
    private final Deque<Page> free = new ArrayDeque<>();

    /** Nobody uses these; the longest unused first, and what hangs below a page always before the page itself. */
    private final Set<PrefixNode> idle = new LinkedHashSet<>();

    private long taken;
    private long inUse;
    private long reserved;
    private volatile KvUsage usage;

    /**
     * A pool without pages.
     *
     * @param mostPages pages that it may come to hold
     */
    public KvPool(PageForm form, long mostPages) {
        if (mostPages < 1) {
            throw new IllegalArgumentException("a pool of " + mostPages + " pages");
        }
        this.form = form;
        this.mostPages = mostPages;
        this.memory = new PageMemory(form);
        this.usage = new KvUsage(0, 0, mostPages, form.bytes());
    }

    /** Bytes of the pages that so many positions take. */
    public static long bytes(PageForm form, long positions) {
        return form.bytes(positions);
    }

    /** What a page holds. */
    public PageForm form() {
        return form;
    }

    /** How pages are used now; may be asked by any thread. */
    public KvUsage usage() {
        return usage;
    }

    /** Opens a cache with all that it can come to need reserved; see {@link #open(int[], int, int)}. */
    public Optional<KvCache> open(int[] prompt, int mostPositions) {
        return open(prompt, mostPositions, mostPositions);
    }

    /**
     * Opens a cache that already holds what is known of a prompt's beginning; the last token is always left to compute.
     *
     * @param prompt the tokens that will be put in first; none to start empty
     * @param positions positions to reserve pages for now; at least the prompt's are
     * @param mostPositions positions that the cache can come to hold
     * @return nothing while other open caches leave too little room
     * @throws EngineException {@code engine.out-of-memory} when the pool is too small for {@code mostPositions}
     */
    public Optional<KvCache> open(int[] prompt, int positions, int mostPositions) {
        long pages = PageForm.pages(Math.max(positions, prompt.length));
        if (PageForm.pages(Math.max(mostPositions, prompt.length)) > mostPages) {
            throw new EngineException(
                    "engine.out-of-memory",
                    ErrorKind.EXHAUSTED,
                    "A request of " + mostPositions + " tokens needs "
                            + new ByteSize(bytes(form, mostPositions))
                            + " of KV cache, and the model was loaded with " + new ByteSize(mostPages * form.bytes())
                            + ".",
                    "Send a shorter prompt, ask for fewer tokens, or load the model with more memory for its context.",
                    null);
        }
        int reusable = Math.max(0, prompt.length - 1);
        KvCache cache = new KvCache(this, Math.toIntExact(pages));
        PrefixNode last = root;
        for (int at = 0; at + PAGE <= reusable; at += PAGE) {
            PrefixNode next = last.child(new Run(Arrays.copyOfRange(prompt, at, at + PAGE)));
            if (next == null) {
                break;
            }
            use(next);
            cache.share(next);
            last = next;
        }
        long needed = pages - cache.length() / PAGE;
        if (inUse + reserved + needed > mostPages) {
            leaveAll(cache.shared());
            publishUsage();
            return Optional.empty();
        }
        reserved += needed;
        try {
            copyLongest(last, prompt, reusable, cache);
        } catch (EngineException e) {
            // The host refused memory for the copy; whoever comes later may be luckier.
            reserved -= needed;
            leaveAll(cache.shared());
            publishUsage();
            throw e;
        }
        cache.opened();
        publishUsage();
        return Optional.of(cache);
    }

    /** Starts the next page as a copy where a known page begins with the same tokens. */
    private void copyLongest(PrefixNode parent, int[] prompt, int reusable, KvCache cache) {
        int most = WORTH_COPYING - 1;
        PrefixNode source = root;
        for (PrefixNode child : parent.children()) {
            int common = child.run().common(prompt, cache.length(), reusable);
            if (common > most) {
                most = common;
                source = child;
            }
        }
        if (source == root) {
            return;
        }
        // It must not be the page that is given up for its own copy.
        boolean unused = idle.remove(source);
        try {
            if (!free.isEmpty() || taken < mostPages || !idle.isEmpty()) {
                Page copy = takeUncleared();
                copy.copyFrom(source.page());
                cache.startWith(copy, Arrays.copyOfRange(prompt, cache.length(), cache.length() + most));
            }
        } finally {
            if (unused) {
                idle.add(source);
                publishUsage();
            }
        }
    }

    // ---- what caches ask for

    /** Reserves more pages for an open cache; answers whether there was room. */
    boolean reserve(long pages) {
        if (inUse + reserved + pages > mostPages) {
            return false;
        }
        reserved += pages;
        return true;
    }

    /** A page of zeros out of what was reserved. */
    Page take() {
        Page page = takeUncleared();
        page.clear();
        return page;
    }

    private Page takeUncleared() {
        Page page = freePage();
        reserved--;
        inUse++;
        publishUsage();
        return page;
    }

    private Page freePage() {
        if (!free.isEmpty()) {
            return free.remove();
        }
        if (taken < mostPages) {
            try {
                Page page = memory.take(mostPages - taken);
                taken++;
                return page;
            } catch (EngineException e) {
                // What is cached is worth less than what runs.
                if (idle.isEmpty()) {
                    throw e;
                }
            }
        }
        PrefixNode oldest = idle.iterator().next();
        drop(oldest);
        return free.remove();
    }

    private void drop(PrefixNode node) {
        idle.remove(node);
        node.detach();
        free.add(node.page());
    }

    /**
     * Makes a full, computed page known. Where the same tokens are known already, that page takes its place: it holds the same
     * bits.
     */
    PrefixNode publish(List<PrefixNode> before, int[] tokens, Page page) {
        PrefixNode parent = before.isEmpty() ? root : before.getLast();
        Run run = new Run(tokens);
        PrefixNode known = parent.child(run);
        if (known != null) {
            free.add(page);
            inUse--;
            use(known);
            publishUsage();
            return known;
        }
        dropBeginnings(parent, tokens);
        PrefixNode node = parent.add(run, page);
        node.use();
        return node;
    }

    /** Partly filled pages are of no more use when one holds all of theirs. */
    private void dropBeginnings(PrefixNode parent, int[] tokens) {
        for (PrefixNode child : List.copyOf(idle)) {
            int length = child.run().tokens().length;
            if (length < PAGE
                    && parent.child(child.run()) == child
                    && child.run().common(tokens, 0, tokens.length) == length) {
                drop(child);
            }
        }
    }

    /** Takes everything back from a cache that is closed. */
    void takeBack(KvCache cache, int unusedReservation, int[] tailTokens) {
        reserved -= unusedReservation;
        List<Page> own = cache.own();
        for (int i = 0; i < own.size(); i++) {
            inUse--;
            if (i > 0 || tailTokens.length == 0 || !keepTail(cache.shared(), tailTokens, own.getFirst())) {
                free.add(own.get(i));
            }
        }
        leaveAll(cache.shared());
        publishUsage();
    }

    /** Keeps a partly filled page for texts that begin the same; answers whether nothing known makes it needless. */
    private boolean keepTail(List<PrefixNode> before, int[] tokens, Page page) {
        PrefixNode parent = before.isEmpty() ? root : before.getLast();
        for (PrefixNode child : parent.children()) {
            if (child.run().common(tokens, 0, tokens.length) == tokens.length) {
                return false;
            }
        }
        dropBeginnings(parent, tokens);
        idle.add(parent.add(new Run(tokens), page));
        return true;
    }

    private void use(PrefixNode node) {
        if (node.use()) {
            idle.remove(node);
            inUse++;
        }
    }

    private void leaveAll(List<PrefixNode> nodes) {
        for (PrefixNode node : nodes.reversed()) {
            if (node.leave()) {
                idle.add(node);
                inUse--;
            }
        }
    }

    private void publishUsage() {
        usage = new KvUsage(inUse, idle.size(), mostPages - inUse - idle.size(), form.bytes());
    }

    /** Gives all memory back. */
    @Override
    public void close() {
        memory.close();
    }
}
