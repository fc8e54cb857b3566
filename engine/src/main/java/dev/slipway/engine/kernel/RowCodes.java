package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.BlockForm;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A row of a quantised type, taken apart: weight {@code i} is {@code scale · value(code) + minimum}, with the scale and
 * minimum of its unit. What a code's value is, the type's {@link BlockForm} says.
 */
final class RowCodes {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    final byte[] codes;
    final float[] scales;
    final float[] minimums;
    private final byte[] data;
    private final QuantisationType type;
    private final BlockForm form;
    private final float[] values;

    /** Room for {@code columns} weights, a multiple of the type's block size. */
    RowCodes(QuantisationType type, int columns) {
        this.type = type;
        this.form = BlockForms.of(type);
        this.values = BlockForms.values(form);
        this.data = new byte[Math.toIntExact(type.bytes(columns))];
        this.codes = new byte[columns];
        this.scales = new float[columns / form.unit()];
        this.minimums = new float[columns / form.unit()];
    }

    /** An f16 of a block. */
    static float half(byte[] data, int at) {
        return Float.float16ToFloat((short) SHORT.get(data, at));
    }

    /** Reads the row that begins at byte {@code at}. */
    void read(MemorySegment from, long at) {
        // Everything is read many times; from an array that costs least.
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, data, 0, data.length);
        int blockSize = type.blockSize();
        for (int i = 0; i < codes.length; i += blockSize) {
            int block = i / blockSize * type.blockBytes();
            int unit = i / form.unit();
            switch (type) {
                case Q8_0 -> SmallBlocks.q8(this, data, block, i, unit);
                case Q4_0 -> SmallBlocks.q4(this, data, block, i, unit, 2);
                case Q4_1 -> SmallBlocks.q4WithMinimum(this, data, block, i, unit);
                case Q5_0 -> SmallBlocks.q5(this, data, block, i, unit);
                case Q5_1 -> SmallBlocks.q5WithMinimum(this, data, block, i, unit);
                case IQ4_NL -> SmallBlocks.q4(this, data, block, i, unit, 2);
                case MXFP4 -> SmallBlocks.mxfp4(this, data, block, i, unit);
                case Q2_K -> SuperBlocks.q2(this, data, block, i, unit);
                case Q3_K -> SuperBlocks.q3(this, data, block, i, unit);
                case Q4_K -> SuperBlocks.q4(this, data, block, i, unit);
                case Q5_K -> SuperBlocks.q5(this, data, block, i, unit);
                case Q6_K -> SuperBlocks.q6(this, data, block, i, unit);
                case IQ4_XS -> SuperBlocks.iq4(this, data, block, i, unit);
                default -> throw new IllegalArgumentException("cannot run " + type);
            }
        }
    }

    /** What the codes stand for. */
    void unpack(float[] out, int outOffset) {
        int unit = form.unit();
        for (int u = 0; u < scales.length; u++) {
            float scale = scales[u];
            float minimum = minimums[u];
            for (int i = u * unit; i < (u + 1) * unit; i++) {
                out[outOffset + i] = scale * values[codes[i] & 0xFF] + minimum;
            }
        }
    }
}
