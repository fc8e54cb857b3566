package dev.slipway.engine.kernel;

import java.util.Arrays;
import java.util.Optional;

/** How keys or values are stored in the KV cache. */
public enum CacheType {
    /** 32-bit floats, as they were computed: for comparisons. */
    F32("f32", 4),
    /** 16-bit floats, rounded to the nearest; what is too large becomes the largest. */
    F16("f16", 2),
    /**
     * Signed bytes, 32 elements of a vector with one 16-bit scale: the largest magnitude over 127. As GGUF's Q8_0 means
     * it.
     */
    Q8_0("q8_0", 1);

    /** Elements that share a scale. */
    static final int BLOCK = 32;

    /** The largest 16-bit float. */
    static final float LARGEST_HALF = 65504;

    private final String label;
    private final int elementBytes;

    CacheType(String label, int elementBytes) {
        this.label = label;
        this.elementBytes = elementBytes;
    }

    /** As people write it. */
    public String label() {
        return label;
    }

    /** The type of that name. */
    public static Optional<CacheType> of(String label) {
        return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst();
    }

    /** Bytes of one element, scales aside. */
    int elementBytes() {
        return elementBytes;
    }

    /** Whether elements come in blocks with a scale. */
    boolean scaled() {
        return this == Q8_0;
    }
}
