package dev.slipway.bench;

import dev.slipway.engine.EngineOptions;
import dev.slipway.engine.Generation;
import dev.slipway.engine.Prompt;
import dev.slipway.engine.SamplingOptions;
import dev.slipway.engine.TextEngine;
import dev.slipway.engine.TextEngines;
import dev.slipway.engine.TextEvent;
import dev.slipway.engine.TextRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Tokens per second of the repository's demo model through the whole engine. The model's place is the system property
 * {@code slipway.demo-model}, by default {@code demo-model/slipway-demo.gguf} below the current folder.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class DemoModelBenchmark {
    private static final int NEW_TOKENS = 200;
    private static final int PROMPT_TOKENS = 400;
    private static final int REQUESTS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Param({"scalar", "vector", "emitted"})
    public String provider = "emitted";

    private Optional<TextEngine> engine = Optional.empty();

    @Setup(Level.Trial)
    public void open() {
        Path file = Path.of(System.getProperty("slipway.demo-model", "demo-model/slipway-demo.gguf"));
        engine = Optional.of(TextEngines.open(
                file,
                EngineOptions.DEFAULT
                        .withProvider(provider)
                        .withToolParser("none")
                        .withReasoningParser("none")
                        .withSlots(REQUESTS)));
    }

    @TearDown(Level.Trial)
    public void close() {
        engine.ifPresent(TextEngine::close);
    }

    /** New tokens per second of one request. */
    @Benchmark
    @OperationsPerInvocation(NEW_TOKENS)
    public void decode() {
        finish(submit("Once upon a time", NEW_TOKENS));
    }

    /** New tokens per second of several requests together. */
    @Benchmark
    @OperationsPerInvocation(NEW_TOKENS * REQUESTS)
    public void decodeTogether() {
        List<Generation> running = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            running.add(submit("Once upon a time", NEW_TOKENS));
        }
        running.forEach(DemoModelBenchmark::finish);
    }

    /** Prompt tokens per second. */
    @Benchmark
    @OperationsPerInvocation(PROMPT_TOKENS)
    public void prefill() {
        finish(submit("7".repeat(PROMPT_TOKENS), 1));
    }

    private Generation submit(String prompt, int tokens) {
        return engine.orElseThrow()
                .submit(new TextRequest(
                        new Prompt.Raw(prompt), SamplingOptions.GREEDY, OptionalInt.of(tokens), List.of(), true));
    }

    private static void finish(Generation generation) {
        try (generation) {
            while (!(generation.next(PATIENCE).orElseThrow() instanceof TextEvent.Finished)) {
                // Every event is read, as a server would.
            }
        }
    }
}
