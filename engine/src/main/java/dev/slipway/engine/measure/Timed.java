package dev.slipway.engine.measure;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.Generation;
import dev.slipway.engine.Prompt;
import dev.slipway.engine.SamplingOptions;
import dev.slipway.engine.TextEngine;
import dev.slipway.engine.TextEvent;
import dev.slipway.engine.TextRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Runs requests to their end and says what they took. */
public final class Timed {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final TextEngine engine;
    private final Cancellation cancellation;

    public Timed(TextEngine engine, Cancellation cancellation) {
        this.engine = engine;
        this.cancellation = cancellation;
    }

    /** Generates exactly so many tokens, greedily. */
    public TextEvent.Usage one(String prompt, int tokens) {
        return all(List.of(prompt), tokens).getFirst();
    }

    /** The same for several requests at once. */
    public List<TextEvent.Usage> all(List<String> prompts, int tokens) {
        List<Generation> running = new ArrayList<>();
        try {
            for (String prompt : prompts) {
                running.add(engine.submit(new TextRequest(
                        new Prompt.Raw(prompt), SamplingOptions.GREEDY, OptionalInt.of(tokens), List.of(), true)));
            }
            return running.stream().map(this::finish).toList();
        } finally {
            running.forEach(Generation::close);
        }
    }

    private TextEvent.Usage finish(Generation generation) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            cancellation.throwIfCancelled();
            if (generation.next(TICK).orElse(null) instanceof TextEvent.Finished finished) {
                return finished.usage();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new EngineException(
                        "engine.timeout",
                        ErrorKind.FAILURE,
                        "A measured request did not end within " + PATIENCE.toMinutes() + " minutes.",
                        "Measure a smaller model, or fewer tokens.",
                        null);
            }
        }
    }
}
