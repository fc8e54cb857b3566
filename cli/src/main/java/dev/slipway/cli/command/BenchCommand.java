package dev.slipway.cli.command;

import dev.slipway.base.ByteSize;
import dev.slipway.base.ErrorKind;
import dev.slipway.cli.CliException;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.cli.terminal.StopSignal;
import dev.slipway.engine.measure.BenchOptions;
import dev.slipway.engine.measure.BenchReport;
import dev.slipway.engine.measure.BenchRow;
import dev.slipway.engine.measure.ModelBench;
import dev.slipway.engine.measure.ProbeFigures;
import dev.slipway.server.ModelConfigs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway bench}. */
@Command(
        name = "bench",
        description = {
            "Measure how fast a model runs here in the built-in engine, and what share of",
            "this host's limits that is.",
            "",
            "  pp512         reads a prompt of 512 tokens",
            "  tg128         generates 128 tokens",
            "  tg128@d2048   the same after 2,048 other tokens",
            "  tg128x8       the same for eight requests at once",
            "",
            "Before and after each repetition a probe reads memory and multiplies as fast",
            "as this host can; OF LIMIT is the share of that. A row above 100 %% makes the",
            "run fail: something else ran on this host, and no figure counts. Two minutes",
            "are usual for half a billion weights. Ctrl-C stops.",
            ""
        })
final class BenchCommand extends SlipwayCommand {
    private static final String LINE = "%-14s %7s %11s %11s %9s %12s%n";

    @Parameters(paramLabel = "MODEL|FILE", description = "A name from 'slipway model list', a GGUF file, or a folder.")
    private String model = "";

    @Option(
            names = "--threads",
            paramLabel = "N",
            split = ",",
            description = "Numbers of threads, such as 1,4 (default: 1 and all).")
    private List<Integer> threads = BenchOptions.DEFAULT.threads();

    @Option(names = "--prompt", paramLabel = "N", description = "Tokens to read (default: ${DEFAULT-VALUE}).")
    private int prompt = BenchOptions.DEFAULT.promptTokens();

    @Option(names = "--tokens", paramLabel = "N", description = "Tokens to generate (default: ${DEFAULT-VALUE}).")
    private int tokens = BenchOptions.DEFAULT.newTokens();

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "Tokens before those in the row with a long context; 0 for none (default: ${DEFAULT-VALUE}).")
    private int depth = BenchOptions.DEFAULT.depth();

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "Requests at once in the last row; 1 for none (default: ${DEFAULT-VALUE}).")
    private int requests = BenchOptions.DEFAULT.requests();

    @Option(names = "--repetitions", paramLabel = "N", description = "Times for each row (default: ${DEFAULT-VALUE}).")
    private int repetitions = BenchOptions.DEFAULT.repetitions();

    @Option(
            names = "--kernels",
            paramLabel = "NAME",
            description = "auto, scalar, vector or emitted (default: ${DEFAULT-VALUE}).")
    private String kernels = BenchOptions.DEFAULT.provider();

    BenchCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        LogSetup.install(console().err(), global.debug);
        Path path = find();
        BenchOptions options = new BenchOptions(threads, prompt, tokens, depth, requests, repetitions, kernels);
        if (!global.json) {
            console().out().printf(LINE, "TEST", "THREADS", "TOKENS/S", "BEST", "OF LIMIT", "READING");
        }
        BenchReport report;
        try (StopSignal stop = StopSignal.listen();
                ProgressDisplay progress = new ProgressDisplay(console())) {
            report = ModelBench.run(path, options, progress, this::print, stop.cancellation());
        }
        if (global.json) {
            console().out().println(JsonText.array(report.rows(), BenchCommand::write));
        } else {
            summary(report);
        }
        if (!report.impossibleRows().isEmpty()) {
            throw new CliException(
                    "cli.impossible-measurement",
                    ErrorKind.FAILURE,
                    report.impossibleRows().stream().map(BenchRow::test).collect(Collectors.joining(", "))
                            + ": faster than the probe says this host can be.",
                    "Measure again while nothing else runs here.",
                    null);
        }
        return 0;
    }

    private Path find() {
        Path path = Path.of(model);
        if (Files.exists(path)) {
            return path;
        }
        return ModelConfigs.of(global.home(console().environment())).find(model).file();
    }

    private void print(BenchRow row) {
        if (!global.json) {
            console()
                    .out()
                    .printf(
                            LINE,
                            row.test(),
                            row.threads(),
                            figure(row.tokensPerSecond()),
                            figure(row.bestTokensPerSecond()),
                            percent(row.fractionOfLimit()),
                            figure(row.probe().readBytesPerSecond() / 1e9) + " GB/s");
        }
    }

    private void summary(BenchReport report) {
        BenchRow last = report.rows().getLast();
        String loads = report.rows().stream()
                .map(row -> figure(row.loadSeconds()) + " s with " + row.threads())
                .distinct()
                .collect(Collectors.joining(", "));
        console().out().println();
        console()
                .out()
                .println(report.model() + ": " + new ByteSize(report.weightBytes()) + " of weights, kernels "
                        + report.provider() + ", loaded in " + loads + " threads.");
        if (last.peakMemoryBytes() > 0) {
            console()
                    .out()
                    .println("At most " + new ByteSize(last.peakMemoryBytes()) + " of memory beside the mapped file.");
        }
        ProbeFigures probe = last.probe();
        if (probe.byteOperationsPerSecond().isPresent()) {
            console()
                    .out()
                    .println("Limits of " + last.threads() + " threads (" + report.level() + "): "
                            + figure(probe.byteOperationsPerSecond().getAsDouble() / 1e9) + " G operations/s on bytes, "
                            + figure(probe.floatOperationsPerSecond().orElse(0) / 1e9) + " on f32.");
        } else {
            console().out().println("No limits of calculating: machine code cannot be made here.");
        }
        report.notes().forEach(note -> console().out().println(note));
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String percent(OptionalDouble fraction) {
        return fraction.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * fraction.getAsDouble());
    }

    private static void write(JsonText json, BenchRow row) {
        json.open()
                .field("test", row.test())
                .field("threads", row.threads())
                .field("requests", row.requests())
                .field("tokens_per_second", row.tokensPerSecond())
                .field("best_tokens_per_second", row.bestTokensPerSecond())
                .field("fraction_of_limit", row.fractionOfLimit().orElse(Double.NaN))
                .field("best_fraction_of_limit", row.bestFractionOfLimit().orElse(Double.NaN))
                .field("load_seconds", row.loadSeconds())
                .field("peak_memory_bytes", row.peakMemoryBytes())
                .openField("probe")
                .field("read_bytes_per_second", row.probe().readBytesPerSecond())
                .field(
                        "int8_operations_per_second",
                        row.probe().byteOperationsPerSecond().orElse(Double.NaN))
                .field(
                        "f32_operations_per_second",
                        row.probe().floatOperationsPerSecond().orElse(Double.NaN))
                .close()
                .close();
    }
}
