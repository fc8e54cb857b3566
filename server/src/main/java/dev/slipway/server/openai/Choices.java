package dev.slipway.server.openai;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** Generates the choices of one answer side by side, so that the backend can compute them together. */
final class Choices {
    /** More would only wait in the backend instead of here. */
    private static final int MOST_AT_ONCE = 32;

    private Choices() {}

    /** Generates one choice. */
    interface Choice {
        void generate(int index) throws IOException;
    }

    /** Generates choices 0 to {@code count}; the first failure cancels the others and is thrown. */
    static void generate(int count, Cancellation cancellation, Choice choice) throws IOException {
        if (count == 1) {
            choice.generate(0);
            return;
        }
        try {
            Tasks.runAll(
                    IntStream.range(0, count)
                            .mapToObj(index -> (Callable<Integer>) () -> one(index, choice))
                            .toList(),
                    Math.min(count, MOST_AT_ONCE),
                    cancellation);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static int one(int index, Choice choice) {
        try {
            choice.generate(index);
            return index;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
