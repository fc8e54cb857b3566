package dev.slipway.engine.kernel.x86;

/**
 * How packed weights of a float type lie in memory: groups of {@value BlockForm#ROWS} rows, in each group the columns in
 * order, in each column one number per row.
 */
public enum FloatForm {
    F32(4),
    F16(2),
    BF16(2);

    private final int bytes;

    FloatForm(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one column of a group. */
    public int columnBytes() {
        return bytes * BlockForm.ROWS;
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }
}
