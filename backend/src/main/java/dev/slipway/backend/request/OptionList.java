package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The {@code key:value} entries of {@code ModelOptions.Options}. */
final class OptionList {
    private final Map<String, String> values;

    private OptionList(Map<String, String> values) {
        this.values = values;
    }

    /** Reads entries; blank ones are skipped, unknown and repeated keys are refused by name. */
    static OptionList parse(List<String> entries, Set<String> known) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String entry : entries) {
            if (entry.isBlank()) {
                continue;
            }
            int colon = entry.indexOf(':');
            if (colon < 0) {
                throw BackendException.invalid(
                        "The option '" + entry + "' has no value.", "Write options as key:value.");
            }
            String key = entry.substring(0, colon).strip();
            if (!known.contains(key)) {
                throw BackendException.unsupported(
                        "the option '" + key + "'", "Known options: " + String.join(", ", new TreeSet<>(known)) + ".");
            }
            if (values.put(key, entry.substring(colon + 1).strip()) != null) {
                throw BackendException.invalid("The option '" + key + "' is given twice.", "Give it once.");
            }
        }
        return new OptionList(values);
    }

    /** One of a few words. */
    String word(String key, String fallback, List<String> allowed) {
        String value = values.getOrDefault(key, fallback);
        if (!allowed.contains(value)) {
            throw BackendException.invalid(
                    "The option '" + key + "' is '" + value + "'.", "Use one of: " + String.join(", ", allowed) + ".");
        }
        return value;
    }

    /** A whole number within bounds, both included. */
    int number(String key, int fallback, int least, int most) {
        String value = values.get(key);
        if (value == null) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, together with numbers out of range.
        }
        throw BackendException.invalid(
                "The option '" + key + "' is '" + value + "'.", "Use a number from " + least + " to " + most + ".");
    }
}
