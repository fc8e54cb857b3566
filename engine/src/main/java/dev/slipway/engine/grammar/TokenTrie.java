package dev.slipway.engine.grammar;

import dev.slipway.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The bytes of all tokens that may be part of a text, as a tree: what tokens begin with in common is looked at once.
 *
 * <p>The tree lies in arrays, each node before its descendants and those before its next sibling, so that a walk runs
 * through memory in order and leaves out a subtree by going on at its end.
 */
final class TokenTrie {
    private static final int NONE = -1;
    private static final int MOST_SLICES = 16;

    private final int vocabularySize;
    private final byte[][] bytes;
    private byte[] labels;
    private short[] depths;
    private int[] ends;
    private int[] tokens;
    private final int[] sameBytes;
    private int size;
    private int deepest;
    private final Map<Unit, Slice> slices = new LinkedHashMap<>(MOST_SLICES, 0.75f, true);

    TokenTrie(Tokenizer tokenizer) {
        vocabularySize = tokenizer.vocabularySize();
        bytes = new byte[vocabularySize][];
        Set<Integer> ends = tokenizer.endOfGeneration();
        for (int token = 0; token < vocabularySize; token++) {
            boolean text = !tokenizer.isControl(token) && !ends.contains(token);
            bytes[token] = text ? tokenizer.bytesOf(token) : new byte[0];
        }
        int[] order = IntStream.range(0, vocabularySize)
                .filter(token -> bytes[token].length > 0)
                .boxed()
                .sorted((a, b) -> Arrays.compareUnsigned(bytes[a], bytes[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        sameBytes = new int[vocabularySize];
        int most = 1 << 16;
        labels = new byte[most];
        depths = new short[most];
        this.ends = new int[most];
        tokens = new int[most];
        build(order);
    }

    private void build(int[] order) {
        int[] path = new int[1];
        byte[] before = new byte[0];
        int depth = 0;
        for (int token : order) {
            byte[] own = bytes[token];
            int common = Arrays.mismatch(before, own);
            if (common == NONE) {
                sameBytes[token] = tokens[path[depth]];
                tokens[path[depth]] = token;
                continue;
            }
            while (depth > common) {
                ends[path[depth--]] = size;
            }
            path = path.length <= own.length ? Arrays.copyOf(path, own.length + 1) : path;
            while (depth < own.length) {
                path[++depth] = append(own[depth - 1], depth);
            }
            tokens[path[depth]] = token;
            sameBytes[token] = NONE;
            deepest = Math.max(deepest, depth);
            before = own;
        }
        while (depth > 0) {
            ends[path[depth--]] = size;
        }
        labels = Arrays.copyOf(labels, size);
        depths = Arrays.copyOf(depths, size);
        ends = Arrays.copyOf(ends, size);
        tokens = Arrays.copyOf(tokens, size);
    }

    private int append(byte label, int depth) {
        if (size == labels.length) {
            labels = Arrays.copyOf(labels, 2 * size);
            depths = Arrays.copyOf(depths, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
            tokens = Arrays.copyOf(tokens, 2 * size);
        }
        labels[size] = label;
        depths[size] = (short) depth;
        tokens[size] = NONE;
        return size++;
    }

    int vocabularySize() {
        return vocabularySize;
    }

    /** Number of nodes. */
    int size() {
        return size;
    }

    /** Bytes of the longest token. */
    int deepest() {
        return deepest;
    }

    /** Bytes of a token; none when it is not part of any text. */
    byte[] bytesOf(int token) {
        return bytes[token];
    }

    int label(int node) {
        return labels[node] & 0xFF;
    }

    /** Length of the text up to and with a node. */
    int depth(int node) {
        return depths[node];
    }

    /** The first node behind a node's descendants. */
    int end(int node) {
        return ends[node];
    }

    /** Whether some token ends at a node. */
    boolean hasToken(int node) {
        return tokens[node] != NONE;
    }

    /** Adds every token that ends at a node. */
    void addTokens(int node, TokenSet out) {
        for (int token = tokens[node]; token != NONE; token = sameBytes[token]) {
            out.add(token);
        }
    }

    /** What is known about a character set; found out at most once while it is in use. */
    Slice slice(Unit unit) {
        synchronized (slices) {
            Slice known = slices.get(unit);
            if (known == null) {
                known = new Slice(this, unit);
                slices.put(unit, known);
                if (slices.size() > MOST_SLICES) {
                    slices.remove(slices.keySet().iterator().next());
                }
            }
            return known;
        }
    }
}
