package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import dev.slipway.engine.Storage;
import dev.slipway.protocol.ModelOptions;
import java.util.List;
import java.util.Locale;

/**
 * In which types a model shall be kept: the fields {@code Quantization}, {@code CacheTypeKey} and {@code CacheTypeValue},
 * and the option {@value #QUANTIZATION}.
 */
final class StorageRequests {
    /** The option that says what the field {@code Quantization} says. */
    static final String QUANTIZATION = "quantization";

    private StorageRequests() {}

    static Storage from(ModelOptions request, OptionList options) {
        String field = known("Quantization", request.getQuantization(), "none", Storage.quantisations());
        String option = options.word(QUANTIZATION, field, Storage.quantisations());
        if (!request.getQuantization().isBlank() && !option.equals(field)) {
            throw BackendException.invalid(
                    "Quantization is '" + field + "', and the option '" + QUANTIZATION + "' is '" + option + "'.",
                    "Say it once.");
        }
        return new Storage(
                option,
                known("CacheTypeKey", request.getCacheTypeKey(), Storage.DEFAULT.keys(), Storage.cacheTypes()),
                known("CacheTypeValue", request.getCacheTypeValue(), Storage.DEFAULT.values(), Storage.cacheTypes()));
    }

    private static String known(String field, String value, String otherwise, List<String> allowed) {
        String word = value.strip().toLowerCase(Locale.ROOT);
        if (word.isEmpty() || word.equals("auto")) {
            return otherwise;
        }
        if (!allowed.contains(word)) {
            throw BackendException.unsupported(
                    field, "Use one of: " + String.join(", ", allowed) + "; or leave it out.");
        }
        return word;
    }
}
