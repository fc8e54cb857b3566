package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.BlockForm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** What {@link VectorBlocks} and {@link VectorSpread} calculate, to the bit, in plain Java. */
final class LaneBlocks {
    private LaneBlocks() {}

    /** Adds the products of one group, before the rows' factors, to {@code rows}. */
    static void multiply(
            BlockForm form, MemorySegment data, long at, LaneActivations x, int token, float[] values, float[] rows) {
        int[] numbers = new int[form.unit() * form.planes()];
        int[] dots = new int[BlockForm.ROWS];
        for (int block = 0; block < x.blocks(); block++) {
            for (int plane = 0; plane < form.planes(); plane++) {
                numbers(x, token, plane, block, form.unit(), numbers);
            }
            dots(form, data, at + form.headerBytes(), numbers, values, dots);
            float scale = x.scale(token, block);
            float scaledSum = x.scaledSum(token, block);
            for (int row = 0; row < BlockForm.ROWS; row++) {
                float own = StoredFloats.scale(data, at + (long) row * Short.BYTES) * scale;
                rows[row] = Math.fma((float) dots[row], own, rows[row]);
                if (form.minimum()) {
                    float minimum = StoredFloats.scale(data, at + (long) (BlockForm.ROWS + row) * Short.BYTES);
                    rows[row] = Math.fma(minimum, scaledSum, rows[row]);
                }
            }
            at += form.blockBytes();
        }
    }

    /** The rounded activations of a block in the order of its columns. */
    private static void numbers(LaneActivations x, int token, int plane, int block, int unit, int[] to) {
        int pair = x.pairsAt(token, plane) + block * unit / 2;
        for (int i = plane * unit; i < (plane + 1) * unit; i += 4) {
            int first = x.pairs()[pair++];
            int second = x.pairs()[pair++];
            to[i] = (short) first;
            to[i + 1] = (short) second;
            to[i + 2] = first >> 16;
            to[i + 3] = second >> 16;
        }
    }

    private static void dots(BlockForm form, MemorySegment data, long at, int[] numbers, float[] values, int[] dots) {
        int unit = form.unit();
        int mask = (1 << form.bits()) - 1;
        int upperMask = (1 << form.upperBits()) - 1;
        long upper = at + (long) form.steps() * BlockForm.stepBytes();
        Arrays.fill(dots, 0);
        for (int row = 0; row < BlockForm.ROWS; row++) {
            int second = 0;
            for (int i = 0; i < unit; i++) {
                int four = i / 4;
                int inStep = row * 4 + i % 4;
                long step = at + (long) (four / form.perByte()) * BlockForm.stepBytes();
                int code = data.get(ValueLayout.JAVA_BYTE, step + inStep) >> four % form.perByte() * form.bits() & mask;
                if (upperMask > 0) {
                    int bits = data.get(ValueLayout.JAVA_BYTE, upper + inStep) >> four * form.upperBits() & upperMask;
                    code |= bits << form.bits();
                }
                int value = (int) values[code];
                dots[row] += value * numbers[i];
                if (form.planes() == 2) {
                    second += value * numbers[unit + i];
                }
            }
            if (form.planes() == 2) {
                dots[row] = (dots[row] << BlockForm.PLANE_SHIFT) + second;
            }
        }
    }
}
