package dev.slipway.bench.engine;

import dev.slipway.oracle.random.Geometry;
import dev.slipway.oracle.random.RandomModel;
import dev.slipway.oracle.random.TypeMix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The files that the engine is measured with: two real geometries, four kinds of quantisation, random weights. */
enum BenchModel {
    QWEN_Q8_0(Geometry.QWEN25_05B, TypeMix.Q8_0),
    QWEN_Q4_0(Geometry.QWEN25_05B, TypeMix.Q4_0),
    QWEN_Q4_K(Geometry.QWEN25_05B, TypeMix.Q4_K_M),
    QWEN_F16(Geometry.QWEN25_05B, TypeMix.F16),
    LLAMA_Q8_0(Geometry.LLAMA32_1B, TypeMix.Q8_0),
    LLAMA_Q4_0(Geometry.LLAMA32_1B, TypeMix.Q4_0),
    LLAMA_Q4_K(Geometry.LLAMA32_1B, TypeMix.Q4_K_M),
    LLAMA_F16(Geometry.LLAMA32_1B, TypeMix.F16);

    private static final long SEED = 1;

    private final Geometry geometry;
    private final TypeMix types;

    BenchModel(Geometry geometry, TypeMix types) {
        this.geometry = geometry;
        this.types = types;
    }

    /** Such as {@code qwen-q8_0}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replaceFirst("_", "-");
    }

    /** Percent of the bandwidth that generating is to reach. */
    int decodeGoal() {
        return types == TypeMix.Q8_0 || types == TypeMix.Q4_0 ? 75 : 65;
    }

    /** Percent of the peak of products that reading a prompt is to reach. */
    int prefillGoal() {
        return types == TypeMix.F16 ? 80 : types == TypeMix.Q4_K_M ? 35 : 50;
    }

    /** The file in a folder, written when it is not there. */
    Path in(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new RandomModel(geometry, types, SEED).writeTo(folder);
    }
}
