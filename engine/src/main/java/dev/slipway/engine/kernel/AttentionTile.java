package dev.slipway.engine.kernel;

import java.util.List;
import java.util.Objects;

/**
 * Queries at successive positions of one sequence, of all heads that share one kv head, and the pages they look at.
 *
 * <p>A query looks at the positions up to its own, and of these at the last {@code window}.
 *
 * @param pages the sequence's pages from the one that holds position {@code firstPage ·} {@value KernelProvider#PAGE} on,
 *     at least up to the last query's; what lies there beyond a query's own position counts for nothing
 * @param firstPosition the first query's position
 * @param rows the queries and the results
 * @param scale what products of queries and keys are multiplied with
 * @param window how many positions a query sees, its own included; at least 1
 */
public record AttentionTile(
        List<Page> pages, int firstPage, int layer, int kvHead, int firstPosition, Rows rows, float scale, int window) {
    /** Sees everything up to the query. */
    public static final int NO_WINDOW = Integer.MAX_VALUE;

    /**
     * Vectors of {@code positions × group} heads: head {@code g} of position {@code i} begins at
     * {@code offset + i · stride + g · headSize}, in the results as in the queries.
     *
     * @param group query heads that share the kv head
     * @param stride floats from one position to the next
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Rows(float[] queries, float[] results, int offset, int stride, int positions, int group) {}

    public AttentionTile {
        if (pages.isEmpty() || firstPosition < 0 || window < 1 || rows.positions < 1 || rows.group < 1) {
            throw new IllegalArgumentException("nothing to look at");
        }
        PageForm form = pages.getFirst().form();
        if (!pages.stream().allMatch(page -> page.form().equals(form))) {
            throw new IllegalArgumentException("pages of different forms");
        }
        int headSize = form.headSize();
        long width = (long) rows.group * headSize;
        if (rows.stride < width) {
            throw new IllegalArgumentException("positions are " + rows.stride + " apart, their vectors take " + width);
        }
        long length = (long) (rows.positions - 1) * rows.stride + width;
        Objects.checkFromIndexSize(rows.offset, length, (long) rows.queries.length);
        Objects.checkFromIndexSize(rows.offset, length, (long) rows.results.length);
        long end = (long) firstPosition + rows.positions;
        long from = (long) firstPage * KernelProvider.PAGE;
        if (from > Math.max(0, (long) firstPosition - window + 1)
                || from + (long) pages.size() * KernelProvider.PAGE < end) {
            throw new IllegalArgumentException("the pages do not hold what is looked at");
        }
    }

    PageForm form() {
        return pages.getFirst().form();
    }

    /** Number of vectors. */
    int count() {
        return rows.positions * rows.group;
    }

    /** Where a vector begins, in queries and results. */
    int at(int row) {
        return rows.offset + row / rows.group * rows.stride + row % rows.group * form().headSize();
    }

    /** The first position that a vector looks at. */
    int from(int row) {
        return Math.max(0, to(row) - window);
    }

    /** The position behind the last one that a vector looks at. */
    int to(int row) {
        return firstPosition + row / rows.group + 1;
    }
}
