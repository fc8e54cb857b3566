package dev.slipway.engine.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Tokens that go through the model together: any number of sequences, each with one token or with several that follow
 * each other.
 */
public final class Batch {
    /** One token: which, in whose sequence, and where in it. */
    record Row(int token, KvCache cache, int position) {}

    private final List<Row> rows = new ArrayList<>();

    /** Adds the next token of a sequence and returns its row in this batch. */
    public int add(int token, KvCache cache) {
        rows.add(new Row(token, cache, cache.append()));
        return rows.size() - 1;
    }

    /** Number of tokens. */
    public int size() {
        return rows.size();
    }

    Row row(int index) {
        return rows.get(index);
    }
}
