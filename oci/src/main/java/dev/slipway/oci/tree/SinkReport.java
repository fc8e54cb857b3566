package dev.slipway.oci.tree;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a directory could not hold of an image.
 *
 * @param counts how many of each, only those that there are
 * @param examples the first few paths of each, for people to read
 * @param limits what holds for every entry, because this host lacks something; in words
 */
public record SinkReport(Map<Shortfall, Long> counts, Map<Shortfall, List<String>> examples, List<String> limits) {
    public SinkReport {
        counts = Map.copyOf(counts);
        examples = Map.copyOf(examples);
        limits = List.copyOf(limits);
    }

    /** How many of one kind. */
    public long count(Shortfall shortfall) {
        return counts.getOrDefault(shortfall, 0L);
    }

    /** Whether everything could be held. */
    public boolean complete() {
        return counts.isEmpty();
    }

    /** Such as {@code 3 owners (/a, /b, ...), 1 special file (/dev/x)}; empty when {@link #complete}. */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> described(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private String described(Shortfall shortfall, long count) {
        List<String> named = examples.getOrDefault(shortfall, List.of());
        String paths = String.join(", ", named) + (count > named.size() ? ", ..." : "");
        return shortfall.counted(count) + (named.isEmpty() ? "" : " (" + paths + ")");
    }
}
