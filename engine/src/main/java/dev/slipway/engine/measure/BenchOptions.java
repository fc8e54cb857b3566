package dev.slipway.engine.measure;

import dev.slipway.engine.EngineException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured.
 *
 * @param threads numbers of threads, each with a loaded model of its own
 * @param promptTokens tokens that are read for {@code pp}
 * @param newTokens tokens that are generated for {@code tg}
 * @param depth tokens before those, for the row with a long context; 0 leaves that row out
 * @param requests how many requests run at once in the last row; 1 leaves that row out
 * @param repetitions how often each row is measured
 * @param provider as in {@link dev.slipway.engine.EngineOptions}
 */
public record BenchOptions(
        List<Integer> threads,
        int promptTokens,
        int newTokens,
        int depth,
        int requests,
        int repetitions,
        String provider) {
    /** One thread and all, 512 and 128 tokens, a context of 2,048, eight requests, three times each. */
    public static final BenchOptions DEFAULT = new BenchOptions(oneAndAll(), 512, 128, 2048, 8, 3, "auto");

    private static final int MOST_REQUESTS = 64;
    private static final int MOST_REPETITIONS = 100;

    public BenchOptions {
        threads = List.copyOf(threads);
        int cores = Runtime.getRuntime().availableProcessors();
        check(!threads.isEmpty() && threads.stream().allMatch(n -> n >= 1 && n <= cores), "threads", "1 to " + cores);
        check(promptTokens >= 1, "prompt tokens", "1 or more");
        check(newTokens >= 2, "new tokens", "2 or more, as the first is not timed");
        check(depth >= 0, "depth", "0 or more");
        check(requests >= 1 && requests <= MOST_REQUESTS, "requests", "1 to " + MOST_REQUESTS);
        check(repetitions >= 1 && repetitions <= MOST_REPETITIONS, "repetitions", "1 to " + MOST_REPETITIONS);
    }

    private static List<Integer> oneAndAll() {
        List<Integer> threads = new ArrayList<>(List.of(1));
        int cores = Runtime.getRuntime().availableProcessors();
        if (cores > 1) {
            threads.add(cores);
        }
        return threads;
    }

    private static void check(boolean holds, String name, String range) {
        if (!holds) {
            throw EngineException.invalid(
                    "engine.invalid-option",
                    "The option " + name + " of the benchmark is out of range.",
                    "Use " + range + ".");
        }
    }
}
