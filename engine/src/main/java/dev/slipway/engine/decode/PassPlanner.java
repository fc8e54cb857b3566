package dev.slipway.engine.decode;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Shares a pass out: every sequence that generates gets its one token, and those that read prompts share a bounded number
 * of tokens evenly, so that neither a stream nor a short prompt waits for somebody's long one.
 *
 * <p>While somebody generates, the bound is what about {@link #PASS_NANOS} allow, by what earlier passes took; else it is
 * {@link #MOST_PROMPT_TOKENS}.
 */
final class PassPlanner {
    /** Most prompt tokens per pass, and fewest while somebody generates. */
    static final int MOST_PROMPT_TOKENS = 128;

    static final int FEWEST_PROMPT_TOKENS = 4;

    /** How long a pass may take while somebody generates: about a fast reader's time for a word. */
    private static final long PASS_NANOS = 100_000_000;

    private double nanosPerRow = PASS_NANOS / 16.0;

    /** A pass of so many tokens has taken so long. */
    void took(int rows, long nanos) {
        // Passes of few tokens take their time for the weights, not for the tokens.
        if (rows > FEWEST_PROMPT_TOKENS) {
            nanosPerRow = (nanosPerRow + (double) nanos / rows) / 2;
        }
    }

    /** How many tokens each sequence puts into the next pass; 0 for one that has to wait for the one after. */
    int[] shares(List<Sequence> running) {
        int[] ready = running.stream().mapToInt(Sequence::ready).toArray();
        boolean generating = running.stream().anyMatch(each -> each.generates() && each.ready() == 1);
        return shares(ready, generating ? mostWhileGenerating() : MOST_PROMPT_TOKENS);
    }

    /** The bound on prompt tokens while somebody generates. */
    int mostWhileGenerating() {
        return (int) Math.clamp(PASS_NANOS / nanosPerRow, FEWEST_PROMPT_TOKENS, MOST_PROMPT_TOKENS);
    }

    /**
     * The same for sequences that have so many tokens ready each.
     *
     * @param most tokens for all together that have more than one ready
     */
    static int[] shares(int[] ready, int most) {
        int[] shares = new int[ready.length];
        for (int i = 0; i < ready.length; i++) {
            shares[i] = Math.min(1, ready[i]);
        }
        // More readers than tokens: those in front go first. What short prompts leave goes to longer ones.
        int[] readers =
                IntStream.range(0, ready.length).filter(i -> ready[i] > 1).toArray();
        int[] shortestFirst = Arrays.stream(readers)
                .limit(most)
                .boxed()
                .sorted(Comparator.comparingInt(i -> ready[i]))
                .mapToInt(i -> i)
                .toArray();
        Arrays.stream(readers).forEach(i -> shares[i] = 0);
        int left = most;
        for (int n = 0; n < shortestFirst.length; n++) {
            int i = shortestFirst[n];
            shares[i] = Math.min(ready[i], left / (shortestFirst.length - n));
            left -= shares[i];
        }
        return shares;
    }
}
