package dev.slipway.engine.model;

import dev.slipway.engine.cache.KvCache;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokens that go through the model together: any number of sequences, each with one token or with several that follow
 * each other. A batch goes through once.
 */
public final class Batch {
    /** One token: which, in whose sequence, and where in it. */
    record Row(int token, KvCache cache, int position) {}

    /** Tokens that follow each other in a sequence and in the batch. */
    record Run(KvCache cache, int firstRow, int firstPosition, int count) {
        int end() {
            return firstPosition + count;
        }
    }

    private final List<Row> rows = new ArrayList<>();

    /** Adds the next token of a sequence and returns its row in this batch. */
    public int add(int token, KvCache cache) {
        rows.add(new Row(token, cache, cache.append(token)));
        return rows.size() - 1;
    }

    /** Number of tokens. */
    public int size() {
        return rows.size();
    }

    Row row(int index) {
        return rows.get(index);
    }

    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= rows.size(); i++) {
            if (i == rows.size() || rows.get(i).cache() != rows.get(first).cache()) {
                Row row = rows.get(first);
                runs.add(new Run(row.cache(), first, row.position(), i - first));
                first = i;
            }
        }
        return runs;
    }
}
