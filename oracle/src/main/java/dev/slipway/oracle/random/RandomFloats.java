package dev.slipway.oracle.random;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** Random f32 numbers in their stored form. */
final class RandomFloats {
    private RandomFloats() {}

    static byte[] around(double middle, double spread, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer out = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            out.putFloat((float) (middle + spread * random.nextGaussian()));
        }
        return out.array();
    }
}
