package dev.slipway.oci.layer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages bytes in the ways that find errors in parsers: the same seed always does the same. */
final class Mutator {
    private static final int BLOCK = 512;
    private static final int MAX_GROWTH = 4096;
    private static final String[] FIELDS = {
        "77777777777",
        "00000000000",
        "-1",
        "\u0080\0\0\0\0\0\0\0\u007f\u00ff\u00ff\u00ff",
        "../",
        "/",
        ".wh.",
        ".wh..wh..opq",
        "\0",
        "0",
        "1",
        "2",
        "5",
        "x",
        "g",
        "S",
        "L",
        "K",
        "7",
        "9223372036854775807",
        "GNU.sparse.map",
        "GNU.sparse.size",
        "GNU.sparse.major=1",
        "size=",
        "path=",
        "a/b",
        "a"
    };

    private final Random random;

    Mutator(long seed) {
        this.random = new Random(seed);
    }

    /** Changes some bytes, moves, repeats or drops some, or mixes in those of another sample. */
    byte[] mutate(byte[] sample, List<byte[]> others) {
        byte[] bytes = sample;
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes = switch (random.nextInt(8)) {
                case 0 -> flip(bytes);
                case 1 -> set(bytes, new byte[] {(byte) random.nextInt()});
                case 2, 3 -> set(bytes, FIELDS[random.nextInt(FIELDS.length)].getBytes(StandardCharsets.ISO_8859_1));
                case 4 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
                case 5 -> splice(bytes, bytes);
                case 6 -> splice(bytes, others.get(random.nextInt(others.size())));
                default -> drop(bytes);
            };
        }
        return bytes;
    }

    private byte[] flip(byte[] bytes) {
        byte[] changed = bytes.clone();
        changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }

    private byte[] set(byte[] bytes, byte[] value) {
        byte[] changed = bytes.clone();
        int at = random.nextBoolean() ? random.nextInt(bytes.length) : fieldStart(bytes.length);
        System.arraycopy(value, 0, changed, at, Math.min(value.length, bytes.length - at));
        return changed;
    }

    /** Where a header keeps its name, size, kind, link or the map of a sparse file. */
    private int fieldStart(int length) {
        int[] starts = {0, 100, 108, 116, 124, 136, 156, 157, 257, 329, 345, 386, 482, 483};
        int block = random.nextInt(length / BLOCK + 1) * BLOCK;
        return Math.min(length - 1, block + starts[random.nextInt(starts.length)]);
    }

    private byte[] splice(byte[] bytes, byte[] from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean blocks = random.nextInt(4) > 0;
        int at = place(bytes.length, blocks);
        int begin = place(from.length, blocks);
        int length = Math.min(from.length - begin, place(MAX_GROWTH, blocks));
        out.write(bytes, 0, at);
        out.write(from, begin, length);
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }

    private byte[] drop(byte[] bytes) {
        boolean blocks = random.nextBoolean();
        int at = place(bytes.length, blocks);
        int length = Math.min(bytes.length - at, place(2000, blocks));
        byte[] changed = Arrays.copyOf(bytes, bytes.length - length);
        System.arraycopy(bytes, at + length, changed, at, bytes.length - at - length);
        return changed;
    }

    private int place(int limit, boolean block) {
        int place = random.nextInt(limit + 1);
        return block ? place / BLOCK * BLOCK : place;
    }

    /** Makes the check sums of whatever may be a header right, so that damage gets past them. */
    static byte[] withCheckSums(byte[] archive) {
        byte[] changed = archive.clone();
        for (int at = 0; at + BLOCK <= changed.length; at += BLOCK) {
            boolean header = changed[at + 257] == 'u' && changed[at + 258] == 's';
            if (header) {
                Arrays.fill(changed, at + 148, at + 156, (byte) ' ');
                int sum = 0;
                for (int i = 0; i < BLOCK; i++) {
                    sum += changed[at + i] & 0xff;
                }
                byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(digits, 0, changed, at + 148, digits.length);
            }
        }
        return changed;
    }
}
