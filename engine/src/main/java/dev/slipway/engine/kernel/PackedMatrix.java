package dev.slipway.engine.kernel;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;

/**
 * Weights repacked for emitted code: groups of {@value #GROUP} rows that lie side by side, the last one filled up with
 * zeros.
 *
 * @param groupBytes bytes of one group
 */
record PackedMatrix(String name, QuantisationType type, int rows, int columns, long groupBytes, MemorySegment data)
        implements Weights {
    /** Rows of a group. */
    static final int GROUP = dev.slipway.engine.kernel.x86.BlockForm.ROWS;

    PackedMatrix {
        if (data.byteSize() != Math.multiplyExact(groupBytes, (long) Math.ceilDiv(rows, GROUP))) {
            throw new IllegalArgumentException(name + ": " + data.byteSize() + " bytes for " + rows + " packed rows");
        }
    }

    /** The bytes of some groups. */
    MemorySegment groups(int first, int count) {
        return data.asSlice(first * groupBytes, count * groupBytes);
    }
}
