package dev.slipway.engine.grammar;

import java.util.Arrays;

/** A set of token ids below a fixed number. */
public final class TokenSet {
    private static final int WORD = 64;

    private final int capacity;
    private final long[] words;

    /** An empty set of ids from 0 to {@code capacity - 1}. */
    public TokenSet(int capacity) {
        this.capacity = capacity;
        this.words = new long[Math.ceilDiv(capacity, WORD)];
    }

    /** Ids run from 0 to one below this. */
    public int capacity() {
        return capacity;
    }

    public boolean contains(int token) {
        return (words[token / WORD] >>> token & 1) != 0;
    }

    public void add(int token) {
        words[token / WORD] |= 1L << token;
    }

    public void clear() {
        Arrays.fill(words, 0);
    }

    /** Adds every id. */
    public void fill() {
        Arrays.fill(words, -1L);
        if (capacity % WORD != 0) {
            words[words.length - 1] = (1L << capacity) - 1;
        }
    }

    /** Number of ids in it. */
    public int size() {
        int size = 0;
        for (long word : words) {
            size += Long.bitCount(word);
        }
        return size;
    }

    public boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    /** Adds what another set of the same capacity holds. */
    public void addAll(TokenSet other) {
        for (int i = 0; i < words.length; i++) {
            words[i] |= other.words[i];
        }
    }

    /** Becomes equal to a set of the same capacity. */
    public void copyOf(TokenSet other) {
        System.arraycopy(other.words, 0, words, 0, words.length);
    }

    /** The ids, lowest first. */
    public int[] toArray() {
        int[] ids = new int[size()];
        int count = 0;
        for (int w = 0; w < words.length; w++) {
            for (long rest = words[w]; rest != 0; rest &= rest - 1) {
                ids[count++] = w * WORD + Long.numberOfTrailingZeros(rest);
            }
        }
        return ids;
    }

    /** Writes a value wherever an id is missing: id {@code i} stands at {@code offset + i}. */
    public void writeOutside(float[] values, int offset, float value) {
        for (int w = 0; w < words.length; w++) {
            long missing = ~words[w];
            int base = offset + w * WORD;
            int end = Math.min(WORD, capacity - w * WORD);
            if (missing == -1L) {
                Arrays.fill(values, base, base + end, value);
                continue;
            }
            while (missing != 0) {
                int bit = Long.numberOfTrailingZeros(missing);
                if (bit >= end) {
                    break;
                }
                values[base + bit] = value;
                missing &= missing - 1;
            }
        }
    }
}
