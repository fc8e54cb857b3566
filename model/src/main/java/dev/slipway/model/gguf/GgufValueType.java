package dev.slipway.model.gguf;

/** The value types of GGUF metadata, in the order of their numbers. */
enum GgufValueType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8),
    UNKNOWN(0);

    private static final GgufValueType[] ALL = values();

    private final int leastBytes;

    GgufValueType(int leastBytes) {
        this.leastBytes = leastBytes;
    }

    /** Bytes that one value takes at least. */
    int leastBytes() {
        return leastBytes;
    }

    static GgufValueType of(int number) {
        return number < 0 || number >= UNKNOWN.ordinal() ? UNKNOWN : ALL[number];
    }
}
