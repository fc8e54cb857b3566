package dev.slipway.oci.tree;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what could not be held, and keeps the first few paths. */
final class Shortfalls {
    private static final int EXAMPLES = 3;

    private final Map<Shortfall, Long> counts = new EnumMap<>(Shortfall.class);
    private final Map<Shortfall, List<String>> examples = new EnumMap<>(Shortfall.class);

    void add(Shortfall shortfall, TreePath path) {
        counts.merge(shortfall, 1L, Long::sum);
        List<String> named = examples.computeIfAbsent(shortfall, _ -> new ArrayList<>());
        if (named.size() < EXAMPLES && !named.contains(path.toString())) {
            named.add(path.toString());
        }
    }

    void clear() {
        counts.clear();
        examples.clear();
    }

    SinkReport report(List<String> limits) {
        Map<Shortfall, List<String>> copied = new EnumMap<>(Shortfall.class);
        examples.forEach((shortfall, named) -> copied.put(shortfall, List.copyOf(named)));
        return new SinkReport(counts, copied, limits);
    }
}
