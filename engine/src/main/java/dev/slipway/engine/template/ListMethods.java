package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The methods of lists and tuples that change nothing. */
final class ListMethods {
    private ListMethods() {}

    static Optional<Object> find(List<Object> items, String name, Comparisons comparisons) {
        Function method = switch (name) {
            case "count" ->
                values -> {
                    Object wanted = values.bind("value").get("value");
                    return items.stream()
                            .filter(item -> comparisons.equal(item, wanted))
                            .count();
                };
            case "index" ->
                values -> {
                    Object wanted = values.bind("value").get("value");
                    for (int i = 0; i < items.size(); i++) {
                        if (comparisons.equal(items.get(i), wanted)) {
                            return (long) i;
                        }
                    }
                    throw TemplateFault.error("'index' looks for a value that is not in the list");
                };
            case "copy" -> values -> new ArrayList<>(items);
            default -> null;
        };
        return Optional.ofNullable(method);
    }
}
