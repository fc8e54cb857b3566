package dev.slipway.oracle.random;

import dev.slipway.model.QuantisationType;
import dev.slipway.model.gguf.GgufWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Ways of stretching positions beyond the context a model was trained with, as GGUF files hold them. */
public enum RopeScaling {
    NONE,
    LINEAR,
    YARN,
    /** Llama 3's: slow pairs are slowed down further, by factors that the file lists. */
    LLAMA3;

    private static final float FACTOR = 8;
    private static final double SLOW_TURNS = 1;
    private static final double FAST_TURNS = 4;

    /** Whether files of an architecture may hold it. */
    public boolean fits(String architecture) {
        return this != LLAMA3 || architecture.equals("llama");
    }

    /** Adds it to a file of a model that was trained with {@code geometry.context() / 8} positions. */
    public GgufWriter addTo(GgufWriter writer, Geometry geometry) {
        String prefix = geometry.architecture() + ".rope.scaling.";
        int original = (int) (geometry.context() / FACTOR);
        return switch (this) {
            case NONE -> writer;
            case LINEAR -> writer.text(prefix + "type", "linear").real(prefix + "factor", FACTOR);
            case YARN ->
                writer.text(prefix + "type", "yarn")
                        .real(prefix + "factor", FACTOR)
                        .whole(prefix + "original_context_length", original);
            case LLAMA3 ->
                writer.tensor(
                        "rope_freqs.weight",
                        QuantisationType.F32,
                        List.of(geometry.headSize() / 2L),
                        divisors(geometry, original));
        };
    }

    private static byte[] divisors(Geometry geometry, int original) {
        ByteBuffer out = ByteBuffer.allocate(2 * geometry.headSize()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < geometry.headSize() / 2; i++) {
            double speed = Math.pow(geometry.ropeBase(), -2.0 * i / geometry.headSize());
            double turns = original * speed / (2 * Math.PI);
            double share = Math.clamp((turns - SLOW_TURNS) / (FAST_TURNS - SLOW_TURNS), 0, 1);
            out.putFloat((float) (1 / ((1 - share) / FACTOR + share)));
        }
        return out.array();
    }
}
