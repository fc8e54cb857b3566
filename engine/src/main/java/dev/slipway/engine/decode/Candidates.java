package dev.slipway.engine.decode;

/** The tokens that may come next, each with a weight in proportion to its probability. */
final class Candidates {
    private final int[] tokens;
    private final float[] weights;
    private int size;

    Candidates(int capacity) {
        tokens = new int[capacity];
        weights = new float[capacity];
    }

    int capacity() {
        return tokens.length;
    }

    /** Takes all tokens; the likeliest gets weight 1. */
    void fill(float[] logits, int offset, int count, float most, float temperature) {
        size = count;
        for (int i = 0; i < count; i++) {
            tokens[i] = i;
            weights[i] = (float) Math.exp((logits[offset + i] - most) / temperature);
        }
    }

    /** Drops tokens whose weight is below {@code least}. */
    void keepAbove(float least) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] >= least) {
                put(kept++, tokens[i], weights[i]);
            }
        }
        size = kept;
    }

    /**
     * Keeps the likeliest tokens, likeliest first: at most {@code limit} of them, and no more than are needed to reach
     * the share {@code enough} of the weight of those {@code limit}.
     */
    void keepLikeliest(int limit, float enough) {
        int most = Math.min(limit, size);
        if (most < size) {
            moveLikeliestToFront(most);
        }
        size = most;
        double wanted = enough < 1 ? total() * enough : Double.POSITIVE_INFINITY;
        heapify();
        // The heap shrinks from the front of the arrays' back part: what is taken out is put behind it.
        double reached = 0;
        int heap = size;
        while (heap > 0 && reached < wanted) {
            reached += weights[0];
            heap--;
            swap(0, heap);
            sink(0, heap);
        }
        reverse(heap);
    }

    /** What was taken out lies behind the heap, last taken first; it becomes the whole list, first taken first. */
    private void reverse(int heap) {
        for (int a = heap, b = size - 1; a < b; a++, b--) {
            swap(a, b);
        }
        int kept = size - heap;
        System.arraycopy(tokens, heap, tokens, 0, kept);
        System.arraycopy(weights, heap, weights, 0, kept);
        size = kept;
    }

    /** Draws one token with a random number from 0 to 1. */
    int draw(double at) {
        double left = at * total();
        int last = 0;
        for (int i = 0; i < size; i++) {
            left -= weights[i];
            if (left < 0) {
                return tokens[i];
            }
            // Rounding may leave something over; a token that is not allowed weighs nothing and is never drawn.
            last = weights[i] > 0 ? i : last;
        }
        return tokens[last];
    }

    private double total() {
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += weights[i];
        }
        return total;
    }

    /** Quickselect: afterwards the first {@code count} places hold the likeliest tokens in some order. */
    private void moveLikeliestToFront(int count) {
        int from = 0;
        int to = size - 1;
        while (from < to) {
            int border = partition(from, to);
            if (border == count - 1) {
                return;
            }
            if (border < count - 1) {
                from = border + 1;
            } else {
                to = border - 1;
            }
        }
    }

    private int partition(int from, int to) {
        swap((from + to) >>> 1, to);
        int border = from;
        for (int i = from; i < to; i++) {
            if (before(i, to)) {
                swap(i, border++);
            }
        }
        swap(border, to);
        return border;
    }

    private void heapify() {
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i, size);
        }
    }

    private void sink(int start, int end) {
        int place = start;
        while (2 * place + 1 < end) {
            int child = 2 * place + 1;
            if (child + 1 < end && before(child + 1, child)) {
                child++;
            }
            if (!before(child, place)) {
                return;
            }
            swap(place, child);
            place = child;
        }
    }

    /** Whether the token at place {@code a} comes before the one at {@code b}: likelier, or of a lower id. */
    private boolean before(int a, int b) {
        return weights[a] > weights[b] || (weights[a] == weights[b] && tokens[a] < tokens[b]);
    }

    private void put(int place, int token, float weight) {
        tokens[place] = token;
        weights[place] = weight;
    }

    private void swap(int a, int b) {
        int token = tokens[a];
        float weight = weights[a];
        put(a, tokens[b], weights[b]);
        put(b, token, weight);
    }
}
