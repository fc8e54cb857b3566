package dev.slipway.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PassPlannerTest {
    @Test
    void whoGeneratesGetsATokenInEveryPassAndReadersShareABoundedNumber() {
        SplittableRandom random = new SplittableRandom(20261120);
        for (int round = 0; round < 2000; round++) {
            int[] ready = random.ints(random.nextInt(1, 40), 1, random.nextBoolean() ? 3 : 5000)
                    .toArray();
            int most = random.nextInt(PassPlanner.FEWEST_PROMPT_TOKENS, PassPlanner.MOST_PROMPT_TOKENS + 1);
            int[] shares = PassPlanner.shares(ready, most);
            int read = 0;
            int wanted = 0;
            for (int i = 0; i < ready.length; i++) {
                assertThat(shares[i]).isBetween(0, ready[i]);
                if (ready[i] == 1) {
                    assertThat(shares[i]).isEqualTo(1);
                } else {
                    read += shares[i];
                    wanted += ready[i];
                }
            }
            assertThat(read).isEqualTo(Math.min(most, wanted));
        }
    }

    @Test
    void aLongPromptLeavesShortOnesTheirShare() {
        assertThat(PassPlanner.shares(new int[] {4000, 10, 30, 4000}, 100)).containsExactly(30, 10, 30, 30);
        assertThat(PassPlanner.shares(new int[] {4000, 1, 4000}, 100)).containsExactly(50, 1, 50);
        assertThat(PassPlanner.shares(new int[] {4000}, 100)).containsExactly(100);
    }

    @Test
    void whoCameFirstReadsFirstWhenThereAreMoreReadersThanTokens() {
        assertThat(PassPlanner.shares(new int[] {9, 9, 1, 9, 9, 9, 9}, 4)).containsExactly(1, 1, 1, 1, 1, 0, 0);
    }

    @Test
    void passesThatTookLongMakeTheNextOnesShorter() {
        PassPlanner planner = new PassPlanner();
        int before = planner.mostWhileGenerating();
        for (int i = 0; i < 20; i++) {
            planner.took(100, 100 * 50_000_000L);
        }
        assertThat(planner.mostWhileGenerating()).isEqualTo(PassPlanner.FEWEST_PROMPT_TOKENS);
        for (int i = 0; i < 40; i++) {
            planner.took(100, 100 * 100_000L);
        }
        assertThat(planner.mostWhileGenerating()).isEqualTo(PassPlanner.MOST_PROMPT_TOKENS);
        assertThat(before).isBetween(PassPlanner.FEWEST_PROMPT_TOKENS, PassPlanner.MOST_PROMPT_TOKENS);
        // A pass of single tokens says nothing about what a prompt's tokens cost.
        planner.took(1, 100_000_000_000L);
        assertThat(planner.mostWhileGenerating()).isEqualTo(PassPlanner.MOST_PROMPT_TOKENS);
    }
}
