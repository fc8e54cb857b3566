package dev.slipway.bench.unpack;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What was measured, as a table for people and as JSON. */
final class Results {
    private final Map<Input, Map<Program, List<Run>>> runs = new LinkedHashMap<>();
    private final Map<Input, Expected> expected = new LinkedHashMap<>();
    private boolean complete = true;

    private record Expected(Program program, TreeListing tree) {
        @Override
        public String toString() {
            return "%,d entries, trees compared with that of %s".formatted(tree.entries(), program.title());
        }
    }

    private record Run(Shell.Cost cost, double sync, double load) {}

    /** Adds a run; the load is what the system had to do before it. */
    void add(Input input, Program program, Shell.Cost cost, double sync, double load) {
        runs.computeIfAbsent(input, _ -> new EnumMap<>(Program.class))
                .computeIfAbsent(program, _ -> new ArrayList<>())
                .add(new Run(cost, sync, load));
    }

    /** Compares a tree with the first one of the same input; when they differ, strikes the program's last run. */
    void check(Input input, Program program, TreeListing tree) {
        Expected first = expected.computeIfAbsent(input, _ -> new Expected(program, tree));
        List<String> differences = tree.differences(first.tree());
        if (!differences.isEmpty()) {
            complete = false;
            runs.getOrDefault(input, Map.of()).getOrDefault(program, List.of()).removeLast();
            System.out.printf(
                    "%s: %s made another tree than %s, so its time does not count:%n",
                    input.name(), program.title(), first.program().title());
            differences.forEach(line -> System.out.println("  " + line));
        }
    }

    /** Whether every run counts. */
    boolean complete() {
        return complete;
    }

    String table(Input input) {
        StringBuilder text = new StringBuilder();
        @Nullable Expected tree = expected.get(input);
        boolean alone = runs.getOrDefault(input, Map.of()).keySet().stream()
                        .filter(Program::makesTree)
                        .count()
                < 2;
        text.append(String.format(
                "%n%s (%s)%n", input.name(), tree == null || alone ? "compared with no other tree" : tree));
        text.append(String.format(
                "%-28s %5s %9s %9s %9s %9s %9s %9s %10s%n",
                "", "runs", "best s", "median s", "CPU s", "peak MB", "sync s", "load", "x slipway"));
        Map<Program, List<Run>> present = runs.getOrDefault(input, Map.of());
        List<Run> ours = present.getOrDefault(Program.SLIPWAY, List.of());
        present.forEach((program, measured) -> {
            if (!measured.isEmpty()) {
                text.append(row(program, measured, ours));
            }
        });
        return text.toString();
    }

    private static String row(Program program, List<Run> measured, List<Run> ours) {
        double best =
                measured.stream().mapToDouble(run -> run.cost().seconds()).min().orElseThrow();
        double seconds = median(measured, run -> run.cost().seconds());
        String ratio = ours.isEmpty()
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.2f",
                        seconds / median(ours, run -> run.cost().seconds()));
        return String.format(
                Locale.ROOT,
                "%-28s %5d %9.2f %9.2f %9.2f %9.0f %9.2f %9.1f %10s%n",
                program.title(),
                measured.size(),
                best,
                seconds,
                median(measured, run -> run.cost().cpu()),
                median(measured, run -> run.cost().peakBytes()) / 1e6,
                median(measured, Run::sync),
                median(measured, Run::load),
                ratio);
    }

    private static double median(List<Run> measured, ToDoubleFunction<Run> figure) {
        double[] sorted = measured.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    String json() {
        List<String> rows = new ArrayList<>();
        runs.forEach((input, programs) ->
                programs.forEach((program, measured) -> measured.forEach(run -> rows.add(String.format(
                        Locale.ROOT,
                        "  {\"input\":\"%s\",\"program\":\"%s\",\"seconds\":%.3f,\"cpu-seconds\":%.3f,\"peak-bytes\":%d,\"sync-seconds\":%.3f,\"load\":%.1f}",
                        input.name(),
                        program.name().toLowerCase(Locale.ROOT),
                        run.cost().seconds(),
                        run.cost().cpu(),
                        run.cost().peakBytes(),
                        run.sync(),
                        run.load())))));
        return "[\n" + String.join(",\n", rows) + "\n]\n";
    }
}
