package dev.slipway.engine.tokenizer.algorithm;

import java.util.Arrays;

/**
 * Merges neighbouring symbols, always the pair of lowest rank and among equals the leftmost, until none is left.
 *
 * <p>Short rows are searched anew after each merge, which is quickest for words. Longer ones go through a heap over a
 * linked list, so that a text without a single space costs {@code n log n} and not {@code n²}.
 */
final class Merger {
    private static final int SHORT = 40;

    private final MergeTable table;
    private int[] slots = new int[SHORT];

    Merger(MergeTable table) {
        this.table = table;
    }

    /** Merges the first {@code length} symbols in place; returns how many are left. */
    int merge(int[] symbols, int length) {
        return length <= SHORT ? mergeBySearch(symbols, length) : mergeByHeap(symbols, length);
    }

    int mergeBySearch(int[] symbols, int length) {
        if (slots.length < length) {
            slots = new int[length];
        }
        int count = length;
        for (int i = 0; i + 1 < count; i++) {
            slots[i] = table.find(symbols[i], symbols[i + 1]);
        }
        while (true) {
            int best = MergeTable.NONE;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < count; i++) {
                if (slots[i] != MergeTable.NONE && table.rank(slots[i]) < bestRank) {
                    best = i;
                    bestRank = table.rank(slots[i]);
                }
            }
            if (best == MergeTable.NONE) {
                return count;
            }
            symbols[best] = table.result(slots[best]);
            System.arraycopy(symbols, best + 2, symbols, best + 1, count - best - 2);
            System.arraycopy(slots, best + 2, slots, best + 1, Math.max(0, count - best - 3));
            count--;
            if (best + 1 < count) {
                slots[best] = table.find(symbols[best], symbols[best + 1]);
            }
            if (best > 0) {
                slots[best - 1] = table.find(symbols[best - 1], symbols[best]);
            }
        }
    }

    int mergeByHeap(int[] symbols, int length) {
        int[] next = new int[length];
        int[] previous = new int[length];
        LongHeap heap = new LongHeap(length);
        for (int i = 0; i < length; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
            if (i + 1 < length) {
                offer(heap, symbols, i, i + 1);
            }
        }
        while (!heap.isEmpty()) {
            long entry = heap.pop();
            int left = (int) entry;
            int right = symbols[left] < 0 ? length : next[left];
            if (right >= length) {
                continue;
            }
            int slot = table.find(symbols[left], symbols[right]);
            // A neighbour has merged meanwhile: the pair of now has its own entry.
            if (slot == MergeTable.NONE || table.rank(slot) != (int) (entry >> 32)) {
                continue;
            }
            symbols[left] = table.result(slot);
            symbols[right] = -1;
            next[left] = next[right];
            if (next[left] < length) {
                previous[next[left]] = left;
                offer(heap, symbols, left, next[left]);
            }
            if (previous[left] >= 0) {
                offer(heap, symbols, previous[left], left);
            }
        }
        int count = 0;
        for (int i = 0; i < length; i = next[i]) {
            symbols[count++] = symbols[i];
        }
        return count;
    }

    /** Queues a pair when it may merge. */
    private void offer(LongHeap heap, int[] symbols, int left, int right) {
        int slot = table.find(symbols[left], symbols[right]);
        if (slot != MergeTable.NONE) {
            heap.push(((long) table.rank(slot) << 32) | left);
        }
    }

    /** A binary heap of longs, the smallest on top. */
    private static final class LongHeap {
        private long[] items;
        private int size;

        LongHeap(int capacity) {
            items = new long[capacity];
        }

        boolean isEmpty() {
            return size == 0;
        }

        void push(long item) {
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
            }
            int at = size++;
            while (at > 0 && items[(at - 1) / 2] > item) {
                items[at] = items[(at - 1) / 2];
                at = (at - 1) / 2;
            }
            items[at] = item;
        }

        long pop() {
            long top = items[0];
            long last = items[--size];
            int at = 0;
            while (2 * at + 1 < size) {
                int child = 2 * at + 1;
                if (child + 1 < size && items[child + 1] < items[child]) {
                    child++;
                }
                if (items[child] >= last) {
                    break;
                }
                items[at] = items[child];
                at = child;
            }
            items[at] = last;
            return top;
        }
    }
}
