package dev.slipway.bench.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The repetitions of one row, of both contenders, and what share of the probe each of ours was. */
final class Result {
    static final String HEAD = """
            | model | test | threads | ours best (median) tok/s | libllama best (median) | ours / libllama, best of the same minute | ours, share of the probe's limit: best (median) | goal | probe GB/s |
            |---|---|---|---|---|---|---|---|---|""";

    private final BenchModel model;
    private final Measure measure;
    private final int threads;
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> theirs = new ArrayList<>();
    private final List<Double> shares = new ArrayList<>();
    private double reading;

    Result(BenchModel model, Measure measure, int threads) {
        this.model = model;
        this.measure = measure;
        this.threads = threads;
    }

    void add(double our, double their, double share, double bytesPerSecond) {
        ours.add(our);
        theirs.add(their);
        shares.add(share);
        reading = Math.max(reading, bytesPerSecond);
    }

    double best() {
        return Collections.max(ours);
    }

    /** Whether the probe, right beside it, says that this cannot be. */
    boolean impossible() {
        return Collections.max(shares) > 1;
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %.1f (%.1f) | %.1f (%.1f) | %.2f | %.0f %% (%.0f %%) | %s | %.0f |",
                model.label(),
                measure.label(),
                threads,
                best(),
                median(ours),
                Collections.max(theirs),
                median(theirs),
                best() / Collections.max(theirs),
                100 * Collections.max(shares),
                100 * median(shares),
                goal(),
                reading / 1e9);
    }

    private String goal() {
        int percent = switch (measure) {
            case PREFILL -> model.prefillGoal();
            case DECODE -> model.decodeGoal();
            case DEEP_DECODE, TOGETHER -> 0;
        };
        if (percent == 0) {
            return "–";
        }
        return percent + " %: " + (100 * Collections.max(shares) >= percent ? "reached" : "**missed**");
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get((values.size() - 1) / 2);
    }
}
