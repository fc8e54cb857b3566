package dev.slipway.bench.engine;

import dev.slipway.engine.kernel.HostLimits;
import dev.slipway.engine.measure.WorkPerToken;
import dev.slipway.model.OpenModel;
import dev.slipway.oracle.libllama.Libllama;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Our engine beside libllama: same files, same threads, in turn within the same half minute, each in a process of its own;
 * before and after each of our runs a probe of this host's limits.
 *
 * <p>Arguments: a folder for models, then options; see {@link #USAGE}. The table goes to standard output and to
 * {@code engine-benchmark.md} in the folder.
 */
final class EngineBenchmark {
    private static final String USAGE = """
            usage: EngineBenchmark FOLDER [--full] [--models qwen-q8_0,...] [--threads 2,1] [--rounds N] [--minutes N] [--backend RUN_SH]
              --full      every test with every model and number of threads
              --threads   numbers of threads, all and 1 by default
              --rounds    repetitions of each row, 2 by default
              --minutes   begin nothing new after so many, 9 by default
              --backend   an installed backend's run.sh, to measure the start to the first token""";

    private static final int SLOTS = 8;
    private static final int CONTEXT = 2048 + 128;

    private final Path folder;
    private final Path libraries;
    private final boolean full;
    private final int rounds;
    private final long deadline;
    private final PrintStream report;
    private final List<String> notes = new ArrayList<>();
    private boolean sound = true;

    private EngineBenchmark(Path folder, Path libraries, boolean full, int rounds, Duration most, PrintStream report) {
        this.folder = folder;
        this.libraries = libraries;
        this.full = full;
        this.rounds = rounds;
        this.deadline = System.nanoTime() + most.toNanos();
        this.report = report;
    }

    public static void main(String[] args) throws IOException {
        boolean full = false;
        int rounds = 2;
        int minutes = 9;
        int[] threads = {Runtime.getRuntime().availableProcessors(), 1};
        List<BenchModel> models = List.of(BenchModel.values());
        Optional<Path> backend = Optional.empty();
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--full" -> full = true;
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--minutes" -> minutes = Integer.parseInt(args[++i]);
                case "--backend" -> backend = Optional.of(Path.of(args[++i]));
                case "--threads" ->
                    threads = Arrays.stream(args[++i].split(","))
                            .mapToInt(Integer::parseInt)
                            .toArray();
                case "--models" -> models = chosen(args[++i]);
                default -> throw new IllegalArgumentException(args[i] + "\n" + USAGE);
            }
        }
        if (args.length == 0) {
            throw new IllegalArgumentException(USAGE);
        }
        Path folder = Path.of(args[0]);
        for (BenchModel model : models) {
            model.in(folder);
        }
        Path libraries = Libllama.folder().orElseThrow(() -> new IllegalStateException(Libllama.MISSING));
        try (PrintStream file =
                new PrintStream(folder.resolve("engine-benchmark.md").toFile(), StandardCharsets.UTF_8)) {
            EngineBenchmark benchmark =
                    new EngineBenchmark(folder, libraries, full, rounds, Duration.ofMinutes(minutes), file);
            if (backend.isPresent()) {
                benchmark.print(FirstToken.measure(backend.get(), BenchModel.QWEN_Q8_0.in(folder), 5) + "\n");
            }
            benchmark.run(models, threads);
            if (!benchmark.sound) {
                throw new IllegalStateException("a row exceeds the probe: no figure of this run counts");
            }
        }
    }

    private static List<BenchModel> chosen(String labels) {
        List<String> wanted = Arrays.asList(labels.split(","));
        return Arrays.stream(BenchModel.values())
                .filter(model -> wanted.contains(model.label()))
                .toList();
    }

    private void print(String line) {
        System.out.println(line);
        report.println(line);
        report.flush();
    }

    private void run(List<BenchModel> models, int[] numbers) throws IOException {
        print(Result.HEAD);
        for (int threads : numbers) {
            for (BenchModel model : models) {
                if (timeIsOver()) {
                    notes.add(model.label() + ", threads: " + threads + ", was left out: the time was over.");
                } else {
                    compare(model, threads);
                }
            }
        }
        print("");
        notes.forEach(this::print);
    }

    private boolean timeIsOver() {
        return System.nanoTime() - deadline > 0;
    }

    private List<Measure> measures(BenchModel model, int threads) {
        if (full) {
            return List.of(Measure.values());
        }
        if (threads == 1) {
            return List.of(Measure.PREFILL, Measure.DECODE);
        }
        return model == BenchModel.QWEN_Q8_0 || model == BenchModel.QWEN_Q4_0
                ? List.of(Measure.values())
                : List.of(Measure.PREFILL, Measure.DECODE, Measure.TOGETHER);
    }

    private void compare(BenchModel model, int threads) throws IOException {
        Path file = model.in(folder);
        WorkPerToken work;
        try (OpenModel open = OpenModel.open(file)) {
            work = WorkPerToken.of(open);
        }
        try (HostLimits limits = new HostLimits(work.decodeBytes());
                Contender ours = new Ours(file, threads, SLOTS, CONTEXT);
                Contender theirs = new Theirs(libraries, file, threads, SLOTS, CONTEXT)) {
            Contenders both = new Contenders(ours, theirs);
            Map<Measure, Result> results = new EnumMap<>(Measure.class);
            for (Measure measure : measures(model, threads)) {
                if (timeIsOver()) {
                    notes.add(model.label() + ", " + measure.label() + " was left out: the time was over.");
                    continue;
                }
                Result result = measured(model, measure, threads, work, limits, both);
                results.put(measure, result);
                sound &= !result.impossible();
                print(result.row());
            }
            long kv = (long) SLOTS * CONTEXT * work.kvBytes();
            notes.add(String.format(
                    Locale.ROOT,
                    "%s, threads: %d: at most %,d MB of ours and %,d MB of libllama beside the mapped file (weights %,d MB,"
                            + " KV cache up to %,d MB).%s",
                    model.label(),
                    threads,
                    ours.peakMemory() / 1_000_000,
                    theirs.peakMemory() / 1_000_000,
                    work.decodeBytes() / 1_000_000,
                    kv / 1_000_000,
                    together(results)));
        }
    }

    private static String together(Map<Measure, Result> results) {
        Result one = results.get(Measure.DECODE);
        Result eight = results.get(Measure.TOGETHER);
        return one == null || eight == null
                ? ""
                : String.format(Locale.ROOT, " Eight requests: %.1f × one (goal 3).", eight.best() / one.best());
    }

    /** Measures both in turn, with the probe before and after ours. */
    private Result measured(
            BenchModel model, Measure measure, int threads, WorkPerToken work, HostLimits limits, Contenders both) {
        Result result = new Result(model, measure, threads);
        for (int i = 0; i < rounds && (i == 0 || !timeIsOver()); i++) {
            double before = limitedRate(measure, threads, work, limits);
            double our = measure.tokensPerSecond(both.ours);
            double after = limitedRate(measure, threads, work, limits);
            double their = measure.tokensPerSecond(both.theirs);
            result.add(our, their, our / Math.max(before, after), limits.read(threads));
        }
        return result;
    }

    private record Contenders(Contender ours, Contender theirs) {}

    /** Tokens per second that the probe, now, allows. */
    private static double limitedRate(Measure measure, int threads, WorkPerToken work, HostLimits limits) {
        double calculating = work.byteOperations()
                        / limits.byteOperations(threads).orElse(Double.NaN)
                + work.floatOperations() / limits.floatOperations(threads).orElse(Double.NaN);
        if (measure == Measure.PREFILL) {
            return 1 / calculating;
        }
        double bytes = work.decodeBytes() / (double) measure.requests() + work.kvBytes() * measure.middle();
        double reading = bytes / limits.read(threads);
        return 1 / (measure.requests() == 1 ? reading : Math.max(reading, calculating));
    }
}
