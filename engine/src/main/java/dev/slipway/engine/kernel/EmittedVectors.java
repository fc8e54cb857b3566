package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.VectorCode;
import java.lang.foreign.MemorySegment;

/** What {@link EmittedKernels} does beside products. */
final class EmittedVectors {
    /** Numbers of one call: a fraction of a millisecond. */
    private static final int CALL_LENGTH = 1 << 16;

    private static final MemorySegment NONE = MemorySegment.NULL;

    private final MemorySegment add = NativeCode.load(VectorCode.add());
    private final MemorySegment squares = NativeCode.load(VectorCode.squares());
    private final MemorySegment scaled = NativeCode.load(VectorCode.scaled());
    private final MemorySegment siluTimes = NativeCode.load(VectorCode.siluTimes());
    private final MemorySegment softmax = NativeCode.load(VectorCode.softmax());

    /** The floats that a call may touch; proves that they are there. */
    private static MemorySegment slice(float[] floats, int from, int count) {
        return MemorySegment.ofArray(floats).asSlice((long) from * Float.BYTES, (long) count * Float.BYTES);
    }

    void add(float[] y, int yOffset, float[] x, int xOffset, int length) {
        for (int done = 0; done < length; done += CALL_LENGTH) {
            int count = Math.min(CALL_LENGTH, length - done);
            NativeCode.vector(add, slice(y, yOffset + done, count), slice(x, xOffset + done, count), NONE, count, 0);
        }
    }

    void rmsNorm(float[] x, int xOffset, float[] weight, float epsilon, float[] out, int outOffset) {
        int length = weight.length;
        float[] sum = new float[1];
        MemorySegment from = slice(x, xOffset, length);
        NativeCode.vector(squares, from, MemorySegment.ofArray(sum), NONE, length, 0);
        float scale = (float) (1 / Math.sqrt(sum[0] / length + epsilon));
        NativeCode.vector(
                scaled,
                from,
                MemorySegment.ofArray(weight),
                slice(out, outOffset, length),
                length,
                Float.floatToRawIntBits(scale));
    }

    void siluTimes(float[] gate, float[] up, int from, int to) {
        for (int at = from; at < to; at += CALL_LENGTH) {
            int count = Math.min(CALL_LENGTH, to - at);
            NativeCode.vector(siluTimes, slice(gate, at, count), slice(up, at, count), NONE, count, 0);
        }
    }

    void softmax(float[] scores, int from, int to) {
        if (from < to) {
            NativeCode.vector(softmax, slice(scores, from, to - from), NONE, NONE, to - from, 0);
        }
    }
}
