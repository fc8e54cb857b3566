package dev.slipway.engine.kernel.x86;

/**
 * How packed weights of a quantised type lie in memory.
 *
 * <p>{@value #ROWS} rows form a group: all blocks of their columns in order, then one f32 factor per row. A block holds
 * {@code unit} columns of all rows: an f16 scale for each row, an f16 minimum for each row where the type has one, and the
 * codes. A code takes {@code bits}; a step is as many columns as fill four bytes of each row, row after row. Within a
 * byte, lower bits belong to earlier columns: the first {@code 8 / bits} groups of four columns share the bytes of the
 * first step. Codes of five and six bits have their upper bits in one more step behind the others, four columns after four
 * from the lowest bits up.
 *
 * <p>A weight is {@code factor · (scale · value + minimum)}; its value is the code less {@code 2^offsetShift}, or what the
 * table has for the code.
 *
 * @param bits 2, 4 or 8
 * @param upperBits bits of a code beyond these: 0, 1 or 2
 * @param unit columns that share a scale, 16 or 32
 * @param offsetShift the power of two that is subtracted from codes, or -1 for none; 7 together with a table
 * @param minimum whether blocks have minimums
 * @param table sixteen signed values, or empty
 * @param planes signed bytes of one activation: 1, or 2 where its value is {@code 2^}{@value #PLANE_SHIFT} times the first
 *     plus the second
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record BlockForm(int bits, int upperBits, int unit, int offsetShift, boolean minimum, byte[] table, int planes) {
    /** Rows of a group. */
    public static final int ROWS = 32;

    /** Bytes of a group that follow its blocks. */
    public static final int FACTOR_BYTES = ROWS * Float.BYTES;

    /** Bytes before the numbers in a block of activations: scale, scale times sum, minus sum, unused. */
    public static final int ACTIVATION_HEADER = 16;

    /** By how many bits the second plane continues the first. */
    public static final int PLANE_SHIFT = 7;

    /** The largest magnitude of an activation with one plane. */
    private static final int MOST = 127;

    private static final int HALVES = ROWS * Short.BYTES;

    /** Bytes of the scales and minimums of a block. */
    public int headerBytes() {
        return minimum ? 2 * HALVES : HALVES;
    }

    /** Groups of four columns whose codes share bytes. */
    public int perByte() {
        return Byte.SIZE / bits;
    }

    /** Steps of a block, that of the upper bits not counted. */
    public int steps() {
        return unit / 4 / perByte();
    }

    /** Bytes of one step of all rows. */
    public static int stepBytes() {
        return ROWS * 4;
    }

    /** Bytes of a block. */
    public int blockBytes() {
        return headerBytes() + (steps() + (upperBits > 0 ? 1 : 0)) * stepBytes();
    }

    /** Bytes of a block of one token's activations. */
    public int activationBytes() {
        return ACTIVATION_HEADER + planes * unit;
    }

    /** What the largest activation of a block becomes. */
    public int mostActivation() {
        return planes == 1 ? MOST : MOST << PLANE_SHIFT;
    }

    /** The same weights with activations of so many planes. */
    public BlockForm withPlanes(int count) {
        return new BlockForm(bits, upperBits, unit, offsetShift, minimum, table, count);
    }

    /** Whether there is a table. */
    boolean hasTable() {
        return table.length > 0;
    }
}
