package dev.slipway.posix.isal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;

/** Shows that a library is what it is taken for: a stream of every kind of block, given and taken in pieces. */
final class IsalSample {
    private static final int SIZE = 100_000;
    private static final int OUT_PIECE = 7_001;
    private static final int IN_PIECE = 3_001;
    private static final int TAIL = 9;

    private IsalSample() {}

    static boolean inflatesRight(IsalLibrary library) {
        byte[] plain = plain();
        ByteBuffer deflated = deflated(plain);
        try (IsalInflater inflater = library.inflater()) {
            byte[] first = inflate(inflater, deflated.duplicate());
            inflater.reset();
            return Arrays.equals(plain, first) && Arrays.equals(plain, inflate(inflater, deflated.duplicate()));
        } catch (DataFormatException | IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] plain() {
        byte[] plain = new byte[SIZE];
        Random random = new Random(SIZE);
        random.nextBytes(plain);
        for (int i = SIZE / 3; i < SIZE; i++) {
            plain[i] = i % 7 == 0 ? (byte) random.nextInt(20) : plain[i - SIZE / 4];
        }
        return plain;
    }

    private static ByteBuffer deflated(byte[] plain) {
        byte[] bytes = new byte[SIZE + SIZE / 10];
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(plain);
        deflater.finish();
        int length = deflater.deflate(bytes);
        deflater.end();
        // What follows the stream must be left alone.
        return ByteBuffer.allocateDirect(length + TAIL)
                .put(bytes, 0, length + TAIL)
                .flip();
    }

    private static byte[] inflate(IsalInflater inflater, ByteBuffer in) throws DataFormatException {
        byte[] result = new byte[SIZE];
        int count = 0;
        int end = in.limit();
        in.limit(IN_PIECE);
        ByteBuffer out = ByteBuffer.allocateDirect(OUT_PIECE);
        for (boolean ended = false; !ended; ) {
            out.clear();
            ended = inflater.inflate(in, out);
            boolean stuck = !ended && out.position() == 0 && in.limit() == end;
            if (stuck || count + out.position() > SIZE) {
                return new byte[0];
            }
            out.flip();
            int length = out.remaining();
            out.get(result, count, length);
            count += length;
            if (length < OUT_PIECE) {
                in.limit(Math.min(end, in.limit() + IN_PIECE));
            }
        }
        return end - in.position() == TAIL ? result : new byte[0];
    }
}
