package dev.slipway.engine.kernel;

/**
 * What a page of the KV cache holds and where: the keys and values of {@value KernelProvider#PAGE} successive positions,
 * all layers, all kv heads.
 *
 * <p>Each layer and head has its keys, then its values. Keys lie {@code [dimension][position]}, so that scores of many
 * positions are computed side by side; values lie {@code [position][dimension]}, each row filled up with zeros to a
 * multiple of {@value #ROW_MULTIPLE}. Where elements share scales, keys come in blocks of {@value CacheType#BLOCK}
 * dimensions, each with the scales of all positions first; values have all scales first, {@code [position][block]}.
 *
 * @param headSize length of one head's vectors
 */
public record PageForm(int layers, int kvHeads, int headSize, CacheType keys, CacheType values) {
    /** Values' rows are filled up to this, so that whole vectors can be read. */
    static final int ROW_MULTIPLE = 16;

    private static final int PAGE = KernelProvider.PAGE;
    private static final int SCALE_BYTES = 2;

    public PageForm {
        if (layers < 1 || kvHeads < 1 || headSize < 1) {
            throw new IllegalArgumentException(
                    layers + " layers of " + kvHeads + " heads of " + headSize + " elements");
        }
        long bytes = 2L * layers * kvHeads * (headSize + ROW_MULTIPLE) * PAGE * Float.BYTES;
        if (bytes > 1L << 40) {
            throw new IllegalArgumentException("a page of " + bytes + " bytes");
        }
    }

    /** Bytes of one page; a multiple of a cache line. */
    public long bytes() {
        return layers * kvHeads * headBytes();
    }

    /** Bytes of the pages that so many positions take. */
    public long bytes(long positions) {
        return pages(positions) * bytes();
    }

    /** Pages that so many positions take. */
    public static long pages(long positions) {
        return Math.ceilDiv(positions, PAGE);
    }

    /** Blocks with a scale in one vector. */
    int blocks() {
        return Math.ceilDiv(headSize, CacheType.BLOCK);
    }

    /** Elements from one row of values to the next. */
    int valueRow() {
        return Math.ceilDiv(headSize, ROW_MULTIPLE) * ROW_MULTIPLE;
    }

    long keyBytes() {
        return (long) headSize * PAGE * keys.elementBytes() + (keys.scaled() ? (long) blocks() * KEY_SCALES : 0);
    }

    /** Bytes of the scales before a block of keys. */
    static final int KEY_SCALES = PAGE * SCALE_BYTES;

    long valueBytes() {
        return valueScales() + (long) PAGE * valueRow() * values.elementBytes();
    }

    /** Bytes of the scales before the values. */
    long valueScales() {
        return values.scaled() ? (long) PAGE * blocks() * SCALE_BYTES : 0;
    }

    private long headBytes() {
        return keyBytes() + valueBytes();
    }

    /** Where a head's keys begin on the page. */
    long keysAt(int layer, int head) {
        if (layer < 0 || layer >= layers || head < 0 || head >= kvHeads) {
            throw new IndexOutOfBoundsException("layer " + layer + ", head " + head + " of " + this);
        }
        return ((long) layer * kvHeads + head) * headBytes();
    }
}
