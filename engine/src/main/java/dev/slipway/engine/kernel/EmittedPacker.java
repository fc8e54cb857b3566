package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.PackCode;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Packs whole groups of Q8_0 by emitted code, to the same bits as {@link Packer} does the others. */
final class EmittedPacker {
    private static final MemorySegment NONE = MemorySegment.NULL;

    /** A group of such rows takes a good half of a millisecond. */
    private static final int MOST_COLUMNS = 1 << 16;

    private static final class Code {
        static final MemorySegment MOST_SCALE = NativeCode.load(PackCode.mostScale());
        static final MemorySegment PACK = NativeCode.load(PackCode.pack());
    }

    private final int rowBytes;
    private final int blocks;
    private final byte[] rows;
    private final MemorySegment stored;
    private final int[] most = new int[1];
    private final MemorySegment mostSegment = MemorySegment.ofArray(most);
    private final float[] factors = new float[PackedMatrix.GROUP];
    private final MemorySegment inverse = MemorySegment.ofArray(new float[PackedMatrix.GROUP + PackCode.BEYOND]);

    /** Whether a matrix is of the right type, and its groups are small enough for short calls. */
    static boolean takes(Matrix matrix) {
        return matrix.type() == QuantisationType.Q8_0 && matrix.columns() > 0 && matrix.columns() <= MOST_COLUMNS;
    }

    EmittedPacker(Matrix matrix) {
        rowBytes = Math.toIntExact(matrix.rowBytes());
        blocks = rowBytes / PackCode.STORED_BYTES;
        rows = new byte[Math.multiplyExact(rowBytes, PackedMatrix.GROUP)];
        stored = MemorySegment.ofArray(rows);
    }

    void pack(Matrix matrix, PackedMatrix packed, int group) {
        // By way of an array: a mapped file that shrinks must become an error of Java's, not a signal in emitted code.
        long at = matrix.rowOffset(group * PackedMatrix.GROUP);
        MemorySegment.copy(matrix.data(), ValueLayout.JAVA_BYTE, at, rows, 0, rows.length);
        for (int r = 0; r < factors.length; r++) {
            MemorySegment row = stored.asSlice((long) r * rowBytes, rowBytes);
            NativeCode.vector(Code.MOST_SCALE, row, NONE, mostSegment, blocks, 0);
            factors[r] = Packer.factor(Float.float16ToFloat((short) most[0]));
            inverse.setAtIndex(ValueLayout.JAVA_FLOAT, r, 1 / factors[r]);
        }
        MemorySegment data = packed.groups(group, 1);
        NativeCode.vector(Code.PACK, stored, data, inverse, blocks, rowBytes);
        long end = data.byteSize() - (long) factors.length * Float.BYTES;
        MemorySegment.copy(factors, 0, data, ValueLayout.JAVA_FLOAT, end, factors.length);
    }
}
