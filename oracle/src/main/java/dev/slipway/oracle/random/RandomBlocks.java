package dev.slipway.oracle.random;

import dev.slipway.model.QuantisationType;
import dev.slipway.model.gguf.GgufWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Random weights around 0, written in their stored form: random codes, and factors that give them the spread asked for. Of
 * floats the numbers have a bell curve.
 */
final class RandomBlocks implements GgufWriter.Data {
    private static final int CHUNK_BLOCKS = 1 << 12;
    private static final int BELL_SIZE = 1 << 16;
    private static final double[] BELL = bell();

    /** Root mean square of the codes that MXFP4 stands for. */
    private static final double MXFP4_SPREAD = 2.93;

    private final QuantisationType type;
    private final long elements;
    private final double spread;
    private final long seed;

    RandomBlocks(QuantisationType type, long elements, double spread, long seed) {
        this.type = type;
        this.elements = elements;
        this.spread = spread;
        this.seed = seed;
    }

    private static double[] bell() {
        SplittableRandom random = new SplittableRandom(20);
        double[] bell = new double[BELL_SIZE];
        for (int i = 0; i < BELL_SIZE; i++) {
            bell[i] = random.nextGaussian();
        }
        return bell;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        SplittableRandom stream = new SplittableRandom(seed);
        long blocks = elements / type.blockSize();
        for (long done = 0; done < blocks; done += CHUNK_BLOCKS) {
            int count = (int) Math.min(CHUNK_BLOCKS, blocks - done);
            out.write(chunk(stream, count));
        }
    }

    private byte[] chunk(SplittableRandom stream, int blocks) {
        byte[] bytes = new byte[blocks * type.blockBytes()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (type.blockSize() == 1) {
            floats(stream, blocks, buffer);
        } else {
            stream.nextBytes(bytes);
            for (int i = 0; i < blocks; i++) {
                factors(stream, buffer, i * type.blockBytes());
            }
        }
        return bytes;
    }

    private void floats(SplittableRandom stream, int count, ByteBuffer out) {
        for (int i = 0; i < count; i++) {
            float value = (float) (spread * BELL[stream.nextInt() >>> 16]);
            switch (type) {
                case F32 -> out.putFloat(value);
                case F16 -> out.putShort(Float.floatToFloat16(value));
                case BF16 -> out.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                default -> throw new IllegalArgumentException("no random weights of " + type);
            }
        }
    }

    /** Overwrites the factors of a block of random bytes; some blocks get larger ones than others. */
    private void factors(SplittableRandom stream, ByteBuffer block, int at) {
        float factor = (float) (spread / codeSpread() * (0.75 + 0.5 * stream.nextDouble()));
        switch (type) {
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> put(block, at, factor);
            case Q4_1 -> put(block, at, factor, -7.5f * factor);
            case Q5_1 -> put(block, at, factor, -15.5f * factor);
            case Q2_K -> put(block, at + 80, factor, 1.5f * factor);
            case Q3_K -> put(block, at + 108, factor);
            case Q4_K -> put(block, at, factor, 7.5f * factor);
            case Q5_K -> put(block, at, factor, 15.5f * factor);
            case Q6_K -> put(block, at + 208, factor);
            case MXFP4 -> {
                int exponent = (int) Math.round(Math.log(spread / MXFP4_SPREAD) / Math.log(2));
                block.put(at, (byte) (127 + exponent - stream.nextInt(2)));
            }
            default -> throw new IllegalArgumentException("no random weights of " + type);
        }
    }

    private static void put(ByteBuffer block, int at, float... factors) {
        for (int i = 0; i < factors.length; i++) {
            block.putShort(at + 2 * i, Float.floatToFloat16(factors[i]));
        }
    }

    /** The spread of weights of random codes when the factor is 1, from the definition of each type. */
    private double codeSpread() {
        return switch (type) {
            case Q4_0, Q4_1 -> 4.61;
            case Q5_0, Q5_1 -> 9.23;
            case Q8_0 -> 73.9;
            case Q2_K -> 13.9;
            case Q3_K -> 43.3;
            case Q4_K -> 258;
            case Q5_K -> 527;
            case Q6_K -> 1366;
            case IQ4_NL -> 67.4;
            case IQ4_XS -> 1246;
            default -> 1;
        };
    }
}
