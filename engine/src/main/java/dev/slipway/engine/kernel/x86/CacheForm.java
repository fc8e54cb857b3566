package dev.slipway.engine.kernel.x86;

/**
 * Where keys and values of one head lie on a page of the KV cache, as emitted code needs to know it.
 *
 * @param headSize elements of a vector
 * @param page positions of a page; 64
 * @param keys how keys are stored, {@code [dimension][position]}
 * @param values how values are stored, {@code [position][dimension]}
 * @param valueRow elements from one position's values to the next's; a multiple of 16
 */
public record CacheForm(int headSize, int page, Stored keys, Stored values, int valueRow) {
    /** Elements that share a scale where there are scales. */
    static final int BLOCK = 32;

    static final int SCALE_BYTES = 2;

    /** How an element is stored. */
    public enum Stored {
        /** A 32-bit float. */
        FLOAT(4),
        /** A 16-bit float. */
        HALF(2),
        /** A signed byte times a scale, which is a 16-bit float. */
        SCALED_BYTE(1);

        private final int bytes;

        Stored(int bytes) {
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }

        boolean scaled() {
            return this == SCALED_BYTE;
        }
    }

    /** Bytes of the scales of one block of keys, before its elements. */
    int keyScales() {
        return page * SCALE_BYTES;
    }

    /** Scales of one vector. */
    int blocks() {
        return Math.ceilDiv(headSize, BLOCK);
    }

    /** Bytes of all scales, before the values. */
    int valueScales() {
        return values.scaled() ? page * blocks() * SCALE_BYTES : 0;
    }

    /** Floats that one row of queries keeps from page to page: the mixed values, the largest score, the sum of shares. */
    public int stateFloats() {
        return valueRow + STATE_TAIL;
    }

    /** Where the largest score stands in a row's state. */
    public int topAt() {
        return valueRow;
    }

    /** Where the sum of shares stands in a row's state. */
    public int sumAt() {
        return valueRow + 1;
    }

    private static final int STATE_TAIL = 16;
}
