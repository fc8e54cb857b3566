package dev.slipway.engine.tokenizer.algorithm;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** Finds the number of a row of bytes. An open-addressed hash table over one array that holds all of them. */
final class ByteIndex {
    static final int NONE = -1;

    /** Differs from run to run, so that no vocabulary can be made whose tokens all fall into one place. */
    private static final long SEED = ThreadLocalRandom.current().nextLong();

    private byte[] bytes;
    private int used;
    private int[] slots;
    private int[] starts;
    private int[] lengths;
    private int[] numbers;
    private int size;

    ByteIndex(int expected) {
        int room = Math.max(16, expected);
        bytes = new byte[room * 8];
        starts = new int[room];
        lengths = new int[room];
        numbers = new int[room];
        slots = new int[Integer.highestOneBit(room) * 4];
        Arrays.fill(slots, NONE);
    }

    /** The number of {@code key[from, from + length)}, or {@link #NONE}. */
    int find(byte[] key, int from, int length) {
        int entry = slots[slot(key, from, length)];
        return entry == NONE ? NONE : numbers[entry];
    }

    /** Gives a key a number; returns the one it had already, or the new one. */
    int putIfAbsent(byte[] key, int from, int length, int number) {
        int slot = slot(key, from, length);
        if (slots[slot] != NONE) {
            return numbers[slots[slot]];
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            lengths = Arrays.copyOf(lengths, size * 2);
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        if (used + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + length));
        }
        System.arraycopy(key, from, bytes, used, length);
        starts[size] = used;
        lengths[size] = length;
        numbers[size] = number;
        used += length;
        slots[slot] = size++;
        if (size * 2 > slots.length) {
            grow();
        }
        return number;
    }

    private int slot(byte[] key, int from, int length) {
        int mask = slots.length - 1;
        int slot = hash(key, from, length) & mask;
        while (slots[slot] != NONE && !is(slots[slot], key, from, length)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean is(int entry, byte[] key, int from, int length) {
        int start = starts[entry];
        return lengths[entry] == length && Arrays.equals(bytes, start, start + length, key, from, from + length);
    }

    private void grow() {
        slots = new int[slots.length * 2];
        Arrays.fill(slots, NONE);
        int mask = slots.length - 1;
        for (int entry = 0; entry < size; entry++) {
            int slot = hash(bytes, starts[entry], lengths[entry]) & mask;
            while (slots[slot] != NONE) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = entry;
        }
    }

    private static int hash(byte[] key, int from, int length) {
        long hash = SEED ^ length;
        for (int i = from; i < from + length; i++) {
            hash = (hash ^ key[i]) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash >>> 32);
    }
}
