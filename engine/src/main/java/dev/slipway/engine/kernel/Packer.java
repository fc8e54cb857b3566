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
import java.util.Arrays;

/**
 * Repacks stored rows into groups of {@link PackedMatrix#GROUP} rows that lie side by side, as {@link BlockForm} and
 * {@link FloatForm} describe.
 *
 * <p>Scales become f16 relative to a power of two for each row. That is exact where they are stored as f16; where they are
 * products of an f16 and a small whole number they are rounded to 11 bits.
 */
final class Packer {
    private static final int GROUP = PackedMatrix.GROUP;

    /** The exponent that the largest scale of a row gets: the largest that f16 has room for. */
    private static final int TOP_EXPONENT = 14;

    private static final int EACH_BYTE = 0x01010101;

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle FLOAT = view(float[].class);

    private Packer() {}

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Packs a quantised matrix.
     *
     * @param emit whether code may be emitted for it, which gives the same bits
     */
    static PackedMatrix pack(Matrix matrix, BlockForm form, boolean emit, Arena arena, KernelProvider.Split split) {
        int blocks = matrix.columns() / form.unit();
        long groupBytes = (long) blocks * form.blockBytes() + BlockForm.FACTOR_BYTES;
        PackedMatrix packed = allocate(matrix, groupBytes, arena);
        int emitted = emit && EmittedPacker.takes(matrix) ? matrix.rows() / GROUP : 0;
        split.forEach(emitted, (from, to) -> {
            EmittedPacker packer = new EmittedPacker(matrix);
            for (int group = from; group < to; group++) {
                packer.pack(matrix, packed, group);
            }
        });
        split.forEach(
                groups(matrix) - emitted, (from, to) -> repack(matrix, form, packed, emitted + from, emitted + to));
        return packed;
    }

    /** Packs some groups row by row. */
    static void repack(Matrix matrix, BlockForm form, PackedMatrix packed, int from, int to) {
        RowCodes[] rows = new RowCodes[GROUP];
        Arrays.setAll(rows, r -> new RowCodes(matrix.type(), matrix.columns()));
        int blocks = matrix.columns() / form.unit();
        byte[] bytes = new byte[Math.toIntExact(packed.groupBytes())];
        for (int group = from; group < to; group++) {
            int count = rows(matrix, group);
            for (int r = 0; r < count; r++) {
                rows[r].read(matrix.data(), matrix.rowOffset(group * GROUP + r));
            }
            Arrays.fill(bytes, (byte) 0);
            // Block by block, so that what is written stays in the innermost cache.
            float[] factors = factors(rows, count);
            for (int block = 0; block < blocks; block++) {
                for (int r = 0; r < count; r++) {
                    put(rows[r], block, factors[r], form, bytes, r);
                }
            }
            for (int r = 0; r < count; r++) {
                FLOAT.set(bytes, blocks * form.blockBytes() + 4 * r, factors[r]);
            }
            store(bytes, packed, group);
        }
    }

    static PackedMatrix pack(Matrix matrix, FloatForm form, Arena arena, KernelProvider.Split split) {
        PackedMatrix packed = allocate(matrix, (long) matrix.columns() * form.columnBytes(), arena);
        split.forEach(groups(matrix), (from, to) -> {
            byte[] row = new byte[Math.toIntExact(matrix.rowBytes())];
            byte[] bytes = new byte[Math.toIntExact(packed.groupBytes())];
            for (int group = from; group < to; group++) {
                Arrays.fill(bytes, (byte) 0);
                for (int r = 0; r < rows(matrix, group); r++) {
                    long at = matrix.rowOffset(group * GROUP + r);
                    MemorySegment.copy(matrix.data(), ValueLayout.JAVA_BYTE, at, row, 0, row.length);
                    put(row, form, bytes, r);
                }
                store(bytes, packed, group);
            }
        });
        return packed;
    }

    private static int groups(Matrix matrix) {
        return Math.ceilDiv(matrix.rows(), GROUP);
    }

    private static int rows(Matrix matrix, int group) {
        return Math.min(GROUP, matrix.rows() - group * GROUP);
    }

    private static void store(byte[] bytes, PackedMatrix packed, int group) {
        MemorySegment.copy(bytes, 0, packed.groups(group, 1), ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    private static PackedMatrix allocate(Matrix matrix, long groupBytes, Arena arena) {
        MemorySegment data = LargeMemory.allocate(Math.multiplyExact(groupBytes, (long) groups(matrix)), arena);
        return new PackedMatrix(matrix.name(), matrix.type(), matrix.rows(), matrix.columns(), groupBytes, data);
    }

    private static void put(RowCodes row, int block, float factor, BlockForm form, byte[] group, int inGroup) {
        int at = block * form.blockBytes();
        SHORT.set(group, at + 2 * inGroup, Float.floatToFloat16(row.scales[block] / factor));
        if (form.minimum()) {
            SHORT.set(group, at + 2 * (GROUP + inGroup), Float.floatToFloat16(row.minimums[block] / factor));
        }
        at += form.headerBytes() + 4 * inGroup;
        int column = block * form.unit();
        for (int step = 0; step < form.steps(); step++) {
            INT.set(group, at, fourBytes(row.codes, column, form));
            column += 4 * form.perByte();
            at += BlockForm.stepBytes();
        }
        if (form.upperBits() > 0) {
            INT.set(group, at, upperBits(row.codes, block * form.unit(), form));
        }
    }

    private static float[] factors(RowCodes[] rows, int count) {
        float[] factors = new float[count];
        for (int r = 0; r < count; r++) {
            factors[r] = factor(rows[r]);
        }
        return factors;
    }

    private static int fourBytes(byte[] codes, int column, BlockForm form) {
        int mask = ((1 << form.bits()) - 1) * EACH_BYTE;
        int bytes = 0;
        for (int n = 0; n < form.perByte(); n++) {
            bytes |= ((int) INT.get(codes, column + 4 * n) & mask) << n * form.bits();
        }
        return bytes;
    }

    private static int upperBits(byte[] codes, int column, BlockForm form) {
        int mask = ((1 << form.upperBits()) - 1) * EACH_BYTE;
        int bytes = 0;
        for (int n = 0; n < form.unit() / 4; n++) {
            bytes |= ((int) INT.get(codes, column + 4 * n) >>> form.bits() & mask) << n * form.upperBits();
        }
        return bytes;
    }

    /** A power of two that brings the row's largest scale or minimum just below the largest f16. */
    private static float factor(RowCodes row) {
        float most = 0;
        for (int block = 0; block < row.scales.length; block++) {
            most = Math.max(most, Math.max(Math.abs(row.scales[block]), Math.abs(row.minimums[block])));
        }
        return factor(most);
    }

    /** The same for the largest itself. */
    static float factor(float most) {
        return most > 0 && Float.isFinite(most) ? Math.scalb(1f, Math.getExponent(most) - TOP_EXPONENT) : 1;
    }

    private static void put(byte[] row, FloatForm form, byte[] group, int inGroup) {
        int step = form.columnBytes();
        int at = inGroup * form.bytes();
        if (form == FloatForm.F32) {
            for (int i = 0; i < row.length; i += Integer.BYTES, at += step) {
                INT.set(group, at, (int) INT.get(row, i));
            }
        } else {
            for (int i = 0; i < row.length; i += Short.BYTES, at += step) {
                SHORT.set(group, at, (short) SHORT.get(row, i));
            }
        }
    }
}
