package dev.slipway.engine.kernel;

import dev.slipway.model.QuantisationType;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Blocks of random codes with factors as real models have them. */
final class RandomBlocks {
    /** Some 2^-10: weights of about the size of real ones. */
    private static final int SMALL = 0x1400;

    private RandomBlocks() {}

    /** Puts one block that depends on {@code seed} only. */
    static void put(QuantisationType type, ByteBuffer out, float seed) {
        SplittableRandom random = new SplittableRandom(Float.floatToRawIntBits(seed));
        byte[] block = new byte[type.blockBytes()];
        random.nextBytes(block);
        int at = out.position();
        out.put(block);
        for (int factor : factors(type)) {
            out.putShort(at + factor, (short) (SMALL + random.nextInt(0x400)));
        }
        if (type == QuantisationType.MXFP4) {
            out.put(at, (byte) (118 + random.nextInt(4)));
        }
    }

    /** Where the f16 numbers of a block are. */
    private static int[] factors(QuantisationType type) {
        return switch (type) {
            case Q5_0, IQ4_NL, IQ4_XS -> new int[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            case MXFP4 -> new int[] {};
            default -> throw new IllegalArgumentException("no test weights of " + type);
        };
    }
}
