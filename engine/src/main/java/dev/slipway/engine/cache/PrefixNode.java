package dev.slipway.engine.cache;

import dev.slipway.engine.kernel.Page;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A computed page and the tokens it stands for, below the node of the page before it: so a node stands for a whole
 * beginning of a text. Nodes with fewer tokens than a page holds have nothing below them.
 */
final class PrefixNode {
    /** Tokens as a key: equal when all of them are. */
    @SuppressWarnings("ArrayRecordComponent") // Compared below.
    record Run(int[] tokens) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Run(int[] theirs) && Arrays.equals(tokens, theirs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(tokens);
        }

        /** Tokens from the first on that are the same as those of {@code other} from {@code offset} to {@code end}. */
        int common(int[] other, int offset, int end) {
            int length = Math.min(tokens.length, end - offset);
            int difference = Arrays.mismatch(tokens, 0, length, other, offset, offset + length);
            return difference < 0 ? length : difference;
        }
    }

    private final @Nullable PrefixNode parent;
    private final Run run;
    private final @Nullable Page page;
    private final Map<Run, PrefixNode> children = new HashMap<>();
    private int users;

    private PrefixNode(@Nullable PrefixNode parent, Run run, @Nullable Page page) {
        this.parent = parent;
        this.run = run;
        this.page = page;
    }

    /** The empty beginning. */
    static PrefixNode root() {
        return new PrefixNode(null, new Run(new int[0]), null);
    }

    /** Puts a page below this one. */
    PrefixNode add(Run run, Page page) {
        PrefixNode child = new PrefixNode(this, run, page);
        children.put(run, child);
        return child;
    }

    @Nullable
    PrefixNode child(Run run) {
        return children.get(run);
    }

    Iterable<PrefixNode> children() {
        return children.values();
    }

    void detach() {
        if (parent == null || !children.isEmpty() || users != 0) {
            throw new IllegalStateException("a page that is still needed");
        }
        parent.children.remove(run, this);
    }

    Page page() {
        if (page == null) {
            throw new IllegalStateException("the empty beginning has no page");
        }
        return page;
    }

    Run run() {
        return run;
    }

    /** One more cache looks at this; answers whether it is the first. */
    boolean use() {
        return users++ == 0;
    }

    /** One cache less; answers whether it was the last. */
    boolean leave() {
        if (users == 0) {
            throw new IllegalStateException("left more often than used");
        }
        return --users == 0;
    }
}
