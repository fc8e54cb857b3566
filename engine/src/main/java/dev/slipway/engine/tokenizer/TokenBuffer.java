package dev.slipway.engine.tokenizer;

import java.util.Arrays;

/** A growing row of ints. */
final class TokenBuffer {
    private int[] items = new int[64];
    private int size;

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        items[size++] = item;
    }

    void addAll(int[] source, int count) {
        if (size + count > items.length) {
            items = Arrays.copyOf(items, Math.max(items.length * 2, size + count));
        }
        System.arraycopy(source, 0, items, size, count);
        size += count;
    }

    int[] toArray() {
        return Arrays.copyOf(items, size);
    }
}
