package dev.slipway.engine.tokenizer.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergerTest {
    @Test
    void bothWaysOfMergingAgree() {
        Random random = new Random(7);
        MergeTable table = new MergeTable(16);
        int symbols = 4;
        for (int rank = 0; rank < 60; rank++) {
            table.add(random.nextInt(symbols), random.nextInt(symbols), rank, symbols);
            symbols++;
        }
        Merger merger = new Merger(table);
        for (int round = 0; round < 2_000; round++) {
            int[] row = random.ints(random.nextInt(1, 200), 0, 4).toArray();
            int[] other = row.clone();
            int count = merger.mergeBySearch(row, row.length);
            assertThat(merger.mergeByHeap(other, other.length)).isEqualTo(count);
            assertThat(Arrays.copyOf(other, count)).isEqualTo(Arrays.copyOf(row, count));
        }
    }
}
