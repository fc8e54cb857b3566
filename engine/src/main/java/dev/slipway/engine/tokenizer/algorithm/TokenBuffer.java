package dev.slipway.engine.tokenizer.algorithm;

import java.util.Arrays;

/** Token ids, in order. */
public final class TokenBuffer {
    private int[] items = new int[64];
    private int size;

    public void add(int item) {
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

    /** The number of tokens so far. */
    int size() {
        return size;
    }

    /** The tokens themselves, at the front of an array that is used again. */
    int[] items() {
        return items;
    }

    /** Takes the last ones away. */
    void truncate(int newSize) {
        size = newSize;
    }

    public int[] toArray() {
        return Arrays.copyOf(items, size);
    }
}
