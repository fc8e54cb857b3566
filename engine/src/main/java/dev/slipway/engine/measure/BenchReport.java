package dev.slipway.engine.measure;

import java.util.List;

/**
 * All rows of a benchmark.
 *
 * @param model the model's own name
 * @param provider the kernel provider that ran it
 * @param level the instructions that the probe's limits are of; empty where they are not measured
 * @param weightBytes the weights as stored
 * @param notes what was left out, and why
 */
public record BenchReport(
        String model, String provider, String level, long weightBytes, List<BenchRow> rows, List<String> notes) {
    public BenchReport {
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
    }

    /** Rows that exceed what the host could do: when there is one, no figure of this run counts. */
    public List<BenchRow> impossibleRows() {
        return rows.stream().filter(BenchRow::impossible).toList();
    }
}
