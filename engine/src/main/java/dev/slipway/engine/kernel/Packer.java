package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.BlockForm;
import dev.slipway.engine.kernel.x86.FloatForm;
import dev.slipway.posix.LargeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Repacks stored rows into groups of {@link PackedMatrix#GROUP} rows that lie side by side, as {@link BlockForm} and
 * {@link FloatForm} describe.
 *
 * <p>Scales become f16 relative to a power of two for each row. That is exact where they are stored as f16; where they are
 * products of an f16 and a small whole number they are rounded to 11 bits.
 */
final class Packer {
    private static final int GROUP = PackedMatrix.GROUP;

    /** Columns that are moved together, so that what they are moved to stays in the cache. */
    private static final int COLUMNS_TOGETHER = 64;

    /** The exponent that the largest scale of a row gets: the largest that f16 has room for. */
    private static final int TOP_EXPONENT = 14;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FOUR_CODES =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Packer() {}

    static PackedMatrix pack(Matrix matrix, BlockForm form, Arena arena, KernelProvider.Split split) {
        int blocks = matrix.columns() / form.unit();
        long groupBytes = (long) blocks * form.blockBytes() + BlockForm.FACTOR_BYTES;
        PackedMatrix packed = allocate(matrix, groupBytes, arena);
        split.forEach(groups(matrix), (from, to) -> {
            RowCodes row = new RowCodes(matrix.type(), matrix.columns());
            for (int r = from * GROUP; r < Math.min(to * GROUP, matrix.rows()); r++) {
                row.read(matrix.data(), matrix.rowOffset(r));
                put(row, form, packed.groups(r / GROUP, 1), r % GROUP);
            }
        });
        return packed;
    }

    static PackedMatrix pack(Matrix matrix, FloatForm form, Arena arena, KernelProvider.Split split) {
        PackedMatrix packed = allocate(matrix, (long) matrix.columns() * form.columnBytes(), arena);
        split.forEach(groups(matrix), (from, to) -> {
            for (int group = from; group < to; group++) {
                put(matrix, form, packed.groups(group, 1), group * GROUP);
            }
        });
        return packed;
    }

    private static int groups(Matrix matrix) {
        return Math.ceilDiv(matrix.rows(), GROUP);
    }

    private static PackedMatrix allocate(Matrix matrix, long groupBytes, Arena arena) {
        MemorySegment data = LargeMemory.allocate(Math.multiplyExact(groupBytes, (long) groups(matrix)), arena);
        return new PackedMatrix(matrix.name(), matrix.type(), matrix.rows(), matrix.columns(), groupBytes, data);
    }

    private static void put(RowCodes row, BlockForm form, MemorySegment group, int inGroup) {
        float factor = factor(row);
        int blocks = row.scales.length;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * form.blockBytes();
            group.set(SHORT, at + 2 * inGroup, Float.floatToFloat16(row.scales[block] / factor));
            if (form.minimum()) {
                group.set(SHORT, at + 2 * (GROUP + inGroup), Float.floatToFloat16(row.minimums[block] / factor));
            }
            at += form.headerBytes() + 4L * inGroup;
            int column = block * form.unit();
            for (int step = 0; step < form.steps(); step++) {
                int bytes = 0;
                for (int n = 0; n < form.perByte(); n++) {
                    bytes |= (int) FOUR_CODES.get(row.codes, column) << n * form.bits();
                    column += 4;
                }
                group.set(INT, at, bytes);
                at += BlockForm.stepBytes();
            }
        }
        group.set(FLOAT, (long) blocks * form.blockBytes() + 4L * inGroup, factor);
    }

    /** A power of two that brings the row's largest scale or minimum just below the largest f16. */
    private static float factor(RowCodes row) {
        float most = 0;
        for (int block = 0; block < row.scales.length; block++) {
            most = Math.max(most, Math.max(Math.abs(row.scales[block]), Math.abs(row.minimums[block])));
        }
        return most > 0 && Float.isFinite(most) ? Math.scalb(1f, Math.getExponent(most) - TOP_EXPONENT) : 1;
    }

    private static void put(Matrix matrix, FloatForm form, MemorySegment group, int firstRow) {
        int rows = Math.min(GROUP, matrix.rows() - firstRow);
        for (int first = 0; first < matrix.columns(); first += COLUMNS_TOGETHER) {
            int end = Math.min(matrix.columns(), first + COLUMNS_TOGETHER);
            for (int r = 0; r < rows; r++) {
                long from = matrix.rowOffset(firstRow + r);
                if (form == FloatForm.F32) {
                    for (int c = first; c < end; c++) {
                        group.set(
                                INT, 4L * ((long) c * GROUP + r), matrix.data().get(INT, from + 4L * c));
                    }
                } else {
                    for (int c = first; c < end; c++) {
                        group.set(
                                SHORT,
                                2L * ((long) c * GROUP + r),
                                matrix.data().get(SHORT, from + 2L * c));
                    }
                }
            }
        }
    }
}
