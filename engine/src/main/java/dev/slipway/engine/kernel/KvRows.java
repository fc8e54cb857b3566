package dev.slipway.engine.kernel;

import java.util.Objects;

/**
 * Keys and values of one kv head at successive positions, as a pass computed them.
 *
 * @param offset where the first position's vectors begin in both arrays
 * @param stride floats from one position to the next
 * @param count positions
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record KvRows(float[] keys, float[] values, int offset, int stride, int count) {
    /** Proves that vectors of so many elements are there. */
    void check(int headSize) {
        if (count < 1 || stride < headSize) {
            throw new IllegalArgumentException(count + " vectors of " + headSize + ", " + stride + " apart");
        }
        long length = (long) (count - 1) * stride + headSize;
        Objects.checkFromIndexSize(offset, length, (long) keys.length);
        Objects.checkFromIndexSize(offset, length, (long) values.length);
    }
}
