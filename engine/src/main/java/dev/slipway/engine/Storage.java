package dev.slipway.engine;

import dev.slipway.engine.kernel.CacheType;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.quantise.Quantiser;
import dev.slipway.model.quantise.WeightForm;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * In which types a model's numbers are kept in memory.
 *
 * @param quantisation {@code none} to run weights as they are stored, or the type that float weights are quantised to when
 *     they are loaded: one of {@link #quantisations}
 * @param keys type of the KV cache's keys: one of {@link #cacheTypes}
 * @param values type of the KV cache's values, likewise
 */
public record Storage(String quantisation, String keys, String values) {
    /** Weights as they are stored; 16-bit floats in the KV cache. */
    public static final Storage DEFAULT = new Storage("none", CacheType.F16.label(), CacheType.F16.label());

    public Storage {
        check("quantization", quantisation, quantisations());
        check("cache type of keys", keys, cacheTypes());
        check("cache type of values", values, cacheTypes());
    }

    private static void check(String what, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw EngineException.invalid(
                    "engine.invalid-option",
                    "The " + what + " is '" + value + "'.",
                    "Use one of: " + String.join(", ", allowed) + ".");
        }
    }

    /** What float weights can be quantised to, and {@code none}. */
    public static List<String> quantisations() {
        return Stream.concat(Stream.of("none"), Quantiser.TARGETS.stream().map(Storage::label))
                .toList();
    }

    /** The types that the KV cache can have. */
    public static List<String> cacheTypes() {
        return Stream.of(CacheType.values()).map(CacheType::label).toList();
    }

    private static String label(QuantisationType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    WeightForm weightForm() {
        return Quantiser.TARGETS.stream()
                .filter(type -> label(type).equals(quantisation))
                .<WeightForm>map(WeightForm.Quantised::new)
                .findFirst()
                .orElse(WeightForm.STORED);
    }

    CacheType keyType() {
        return CacheType.of(keys).orElseThrow();
    }

    CacheType valueType() {
        return CacheType.of(values).orElseThrow();
    }
}
