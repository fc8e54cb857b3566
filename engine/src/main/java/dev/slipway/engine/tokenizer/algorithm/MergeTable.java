package dev.slipway.engine.tokenizer.algorithm;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which two neighbouring symbols may become one, how soon, and which. An open-addressed hash table over the pair of
 * symbol ids, because a look-up happens several times for every byte that is encoded.
 */
final class MergeTable {
    static final int NONE = -1;
    private static final long EMPTY = -1;

    /** Differs from run to run, so that no vocabulary can be made whose pairs all fall into one place. */
    private static final long SEED = ThreadLocalRandom.current().nextLong();

    private long[] keys;
    private int[] ranks;
    private int[] results;
    private int size;

    MergeTable(int expected) {
        int capacity = Integer.highestOneBit(Math.max(16, expected)) * 4;
        keys = new long[capacity];
        ranks = new int[capacity];
        results = new int[capacity];
        Arrays.fill(keys, EMPTY);
    }

    /** Adds a pair; the first entry for a pair stays. */
    void add(int left, int right, int rank, int result) {
        if (size * 2 >= keys.length) {
            grow();
        }
        long key = key(left, right);
        int slot = slot(key);
        if (keys[slot] == EMPTY) {
            keys[slot] = key;
            ranks[slot] = rank;
            results[slot] = result;
            size++;
        }
    }

    /** Where a pair stands, or {@link #NONE}. */
    int find(int left, int right) {
        int slot = slot(key(left, right));
        return keys[slot] == EMPTY ? NONE : slot;
    }

    /** How soon the pair of a slot merges: lower is sooner. */
    int rank(int slot) {
        return ranks[slot];
    }

    /** What the pair of a slot becomes. */
    int result(int slot) {
        return results[slot];
    }

    private static long key(int left, int right) {
        return ((long) left << 32) | right;
    }

    private int slot(long key) {
        long mixed = (key ^ SEED) * 0x9E37_79B9_7F4A_7C15L;
        mixed ^= mixed >>> 32;
        mixed *= 0xD6E8_FEB8_6659_FD93L;
        int mask = keys.length - 1;
        int slot = (int) (mixed >>> 32) & mask;
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldRanks = ranks;
        int[] oldResults = results;
        keys = new long[oldKeys.length * 2];
        ranks = new int[keys.length];
        results = new int[keys.length];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                ranks[slot] = oldRanks[i];
                results[slot] = oldResults[i];
            }
        }
    }
}
