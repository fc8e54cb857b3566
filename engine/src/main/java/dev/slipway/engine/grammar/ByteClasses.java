package dev.slipway.engine.grammar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Bytes that a grammar never tells apart share one class, which keeps the tables of a run small. */
final class ByteClasses {
    private final int[] table = new int[256];
    private int count = 1;

    /** Puts each of these bytes into a class of its own. */
    void splitEach(byte[] bytes) {
        for (byte value : bytes) {
            int at = value & 0xFF;
            int own = table[at];
            for (int other = 0; other < table.length; other++) {
                if (other != at && table[other] == own) {
                    table[at] = count++;
                    break;
                }
            }
        }
    }

    /** Separates bytes that some state of a unit treats differently. */
    void split(Unit unit) {
        for (int state = 0; state < unit.states(); state++) {
            Map<Long, Integer> merged = new HashMap<>();
            int[] refined = new int[table.length];
            for (int value = 0; value < table.length; value++) {
                long key = (long) table[value] << 32 | unit.next(state, value) & 0xFFFFFFFFL;
                refined[value] = merged.computeIfAbsent(key, _ -> merged.size());
            }
            count = merged.size();
            System.arraycopy(refined, 0, table, 0, table.length);
        }
    }

    int[] table() {
        return table.clone();
    }

    int[] examples() {
        int[] examples = new int[Arrays.stream(table).max().orElseThrow() + 1];
        for (int value = 0; value < table.length; value++) {
            examples[table[value]] = value;
        }
        return examples;
    }
}
