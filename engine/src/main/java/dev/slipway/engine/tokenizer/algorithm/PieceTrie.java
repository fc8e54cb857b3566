package dev.slipway.engine.tokenizer.algorithm;

import java.util.Arrays;

/** Finds which pieces begin at a place of a text: a tree over UTF-16 units, its branches in a hash table. */
public final class PieceTrie {
    /** Where to begin. */
    public static final int ROOT = 0;

    public static final int NONE = -1;

    private final MergeTable branches;
    private int[] tokens = new int[64];
    private int nodes = 1;

    public PieceTrie(int expected) {
        branches = new MergeTable(expected);
        Arrays.fill(tokens, NONE);
    }

    /** Adds a piece below a node; the first id for a piece stays. */
    public void add(int root, String piece, int id) {
        int node = root;
        for (int i = 0; i < piece.length(); i++) {
            int slot = branches.find(node, piece.charAt(i));
            node = slot == MergeTable.NONE ? branch(node, piece.charAt(i)) : branches.result(slot);
        }
        if (tokens[node] == NONE) {
            tokens[node] = id;
        }
    }

    /** A new node that hangs on nothing. */
    public int newRoot() {
        if (nodes == tokens.length) {
            tokens = Arrays.copyOf(tokens, nodes * 2);
            Arrays.fill(tokens, nodes, tokens.length, NONE);
        }
        return nodes++;
    }

    private int branch(int node, char unit) {
        int child = newRoot();
        branches.add(node, unit, 0, child);
        return child;
    }

    /** The node that a unit leads to, or {@link #NONE}. */
    public int child(int node, char unit) {
        int slot = branches.find(node, unit);
        return slot == MergeTable.NONE ? NONE : branches.result(slot);
    }

    /** The piece that ends at a node, or {@link #NONE}. */
    public int token(int node) {
        return tokens[node];
    }
}
