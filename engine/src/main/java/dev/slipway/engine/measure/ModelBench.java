package dev.slipway.engine.measure;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.engine.EngineOptions;
import dev.slipway.engine.TextEngine;
import dev.slipway.engine.TextEngines;
import dev.slipway.engine.TextEvent.Usage;
import dev.slipway.engine.kernel.HostLimits;
import dev.slipway.model.OpenModel;
import dev.slipway.model.TensorInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Measures a model through {@link TextEngine}, as users meet it: tokens to text, sampling and scheduling included.
 *
 * <p>The probe runs before and after every single repetition, since the bandwidth of some hosts changes by the half
 * minute. A row that exceeds the probe is measured once more before it is reported.
 */
public final class ModelBench {
    /** Tokens of a prompt that is only there to be continued. */
    private static final int SHORT_PROMPT = 8;

    private static final int WARM_UP_TOKENS = 16;

    private final Path path;
    private final BenchOptions options;
    private final ProgressListener progress;
    private final Consumer<BenchRow> listener;
    private final Cancellation cancellation;
    private final List<BenchRow> rows = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final ResidentMemory memory;
    private final HostLimits limits;
    private final WorkPerToken work;
    private long seed;

    private ModelBench(
            Path path,
            BenchOptions options,
            ProgressListener progress,
            Consumer<BenchRow> listener,
            Cancellation cancellation,
            ResidentMemory memory,
            HostLimits limits,
            WorkPerToken work) {
        this.path = path;
        this.options = options;
        this.progress = progress;
        this.listener = listener;
        this.cancellation = cancellation;
        this.memory = memory;
        this.limits = limits;
        this.work = work;
    }

    /**
     * Measures all rows.
     *
     * @param model a GGUF file or a Hugging Face folder
     * @param listener hears each row as soon as it is measured
     * @throws dev.slipway.engine.EngineException when the model cannot be run
     * @throws dev.slipway.base.CodedException {@code base.cancelled} after a cancellation
     */
    public static BenchReport run(
            Path model,
            BenchOptions options,
            ProgressListener progress,
            Consumer<BenchRow> listener,
            Cancellation cancellation) {
        WorkPerToken work;
        long weights;
        try (OpenModel file = OpenModel.open(model)) {
            work = WorkPerToken.of(file);
            weights = file.tensors().values().stream()
                    .mapToLong(TensorInfo::bytes)
                    .sum();
        }
        try (HostLimits limits = new HostLimits(work.decodeBytes());
                ResidentMemory memory = new ResidentMemory()) {
            ModelBench bench = new ModelBench(model, options, progress, listener, cancellation, memory, limits, work);
            return bench.run(weights);
        }
    }

    private BenchReport run(long weights) {
        String name = "";
        String provider = "";
        for (int threads : options.threads()) {
            String what = "measure with " + threads + (threads == 1 ? " thread" : " threads");
            progress.step(what, 0, 4);
            long start = System.nanoTime();
            int context = Math.max(options.promptTokens(), options.depth()) + options.newTokens() + 2;
            EngineOptions wanted = EngineOptions.DEFAULT
                    .withContextLength(context)
                    .withThreads(threads)
                    .withProvider(options.provider())
                    .withToolParser("none")
                    .withReasoningParser("none")
                    .withSlots(options.requests());
            try (TextEngine engine = TextEngines.open(path, wanted)) {
                double loaded = (System.nanoTime() - start) / 1e9;
                name = engine.model().name();
                provider = engine.model().provider();
                new Loaded(engine, threads, loaded, done -> progress.step(what, done, 4)).measure();
            }
        }
        return new BenchReport(name, provider, limits.level(), weights, rows, List.copyOf(notes));
    }

    /** One loaded model. */
    private final class Loaded {
        private final TextEngine engine;
        private final Timed timed;
        private final int threads;
        private final double loadSeconds;
        private final Consumer<Integer> done;

        Loaded(TextEngine engine, int threads, double loadSeconds, Consumer<Integer> done) {
            this.engine = engine;
            this.timed = new Timed(engine, cancellation);
            this.threads = threads;
            this.loadSeconds = loadSeconds;
            this.done = done;
        }

        void measure() {
            int room = engine.model().contextLength();
            timed.one(text(WARM_UP_TOKENS), WARM_UP_TOKENS);
            prompt(Math.min(options.promptTokens(), room - 1));
            done.accept(1);
            generate(Math.min(options.newTokens(), room - SHORT_PROMPT - 1), SHORT_PROMPT, "");
            done.accept(2);
            if (options.depth() + options.newTokens() < room && options.depth() > 0) {
                generate(options.newTokens(), options.depth(), "@d" + options.depth());
            } else if (options.depth() > 0) {
                notes.add("A context of " + options.depth() + " is left out: the model's ends at " + room + ".");
            }
            done.accept(3);
            if (options.requests() > 1) {
                together(Math.min(options.newTokens(), room - SHORT_PROMPT - 1));
            }
            done.accept(4);
        }

        private String text(int tokens) {
            return PromptText.of(engine, tokens, seed++);
        }

        private void prompt(int tokens) {
            row("pp" + tokens, 1, promptSecondsPerToken(), () -> {
                Usage usage = timed.one(text(tokens), 1);
                return (usage.promptTokens() - usage.cachedTokens()) / seconds(usage.promptTime());
            });
        }

        private void generate(int tokens, int depth, String suffix) {
            String before = text(depth);
            double bytes = work.decodeBytes() + work.kvBytes() * (depth + tokens / 2.0);
            row("tg" + tokens + suffix, 1, probe -> bytes / probe.readBytesPerSecond(), () -> {
                // The same beginning each time: read once, then found in the cache.
                return rate(timed.one(before, tokens));
            });
        }

        private void together(int tokens) {
            double bytes =
                    work.decodeBytes() / (double) options.requests() + work.kvBytes() * (SHORT_PROMPT + tokens / 2.0);
            Limit reading = probe -> bytes / probe.readBytesPerSecond();
            Limit calculating = promptSecondsPerToken();
            row(
                    "tg" + tokens + "x" + options.requests(),
                    options.requests(),
                    probe -> Math.max(reading.secondsPerToken(probe), calculating.secondsPerToken(probe)),
                    () -> {
                        List<String> prompts = new ArrayList<>();
                        for (int i = 0; i < options.requests(); i++) {
                            prompts.add(text(SHORT_PROMPT));
                        }
                        return timed.all(prompts, tokens).stream()
                                .mapToDouble(Loaded::rate)
                                .sum();
                    });
        }

        private Limit promptSecondsPerToken() {
            return probe -> work.byteOperations()
                            / probe.byteOperationsPerSecond().orElse(Double.NaN)
                    + work.floatOperations() / probe.floatOperationsPerSecond().orElse(Double.NaN);
        }

        private static double rate(Usage usage) {
            return (usage.completionTokens() - 1) / seconds(usage.generationTime());
        }

        private static double seconds(Duration time) {
            return Math.max(1, time.toNanos()) / 1e9;
        }

        private void row(String test, int requests, Limit limit, DoubleSupplier tokensPerSecond) {
            BenchRow row = measured(test, requests, limit, tokensPerSecond);
            if (row.impossible()) {
                row = measured(test, requests, limit, tokensPerSecond);
            }
            rows.add(row);
            listener.accept(row);
        }

        private BenchRow measured(String test, int requests, Limit limit, DoubleSupplier tokensPerSecond) {
            double[] speeds = new double[options.repetitions()];
            double[] fractions = new double[speeds.length];
            ProbeFigures before = probe();
            ProbeFigures best = before;
            for (int i = 0; i < speeds.length; i++) {
                cancellation.throwIfCancelled();
                speeds[i] = tokensPerSecond.getAsDouble();
                ProbeFigures after = probe();
                fractions[i] = speeds[i] * limit.secondsPerToken(before.max(after));
                best = best.max(after);
                before = after;
            }
            Arrays.sort(speeds);
            Arrays.sort(fractions);
            return new BenchRow(
                    test,
                    threads,
                    requests,
                    speeds[(speeds.length - 1) / 2],
                    speeds[speeds.length - 1],
                    known(fractions[(fractions.length - 1) / 2]),
                    known(fractions[fractions.length - 1]),
                    best,
                    loadSeconds,
                    memory.peak());
        }

        private static OptionalDouble known(double fraction) {
            return Double.isNaN(fraction) ? OptionalDouble.empty() : OptionalDouble.of(fraction);
        }

        private ProbeFigures probe() {
            return new ProbeFigures(
                    limits.read(threads), limits.byteOperations(threads), limits.floatOperations(threads));
        }
    }

    /** What a token takes at least, by the probe. */
    private interface Limit {
        double secondsPerToken(ProbeFigures probe);
    }
}
