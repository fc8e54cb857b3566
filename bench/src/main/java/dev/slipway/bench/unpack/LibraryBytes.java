package dev.slipway.bench.unpack;

/**
 * Bytes that compress about as well as the files of a software distribution: tokens of a fixed vocabulary, some much more
 * frequent than others, with stretches that repeat what stood a little earlier and bytes that follow no rule in between. The same seed always gives the same
 * bytes.
 */
final class LibraryBytes {
    private static final int TOKENS = 4096;
    private static final int HISTORY = 1 << 14;
    private static final byte[][] VOCABULARY = vocabulary();

    private final byte[] history = new byte[HISTORY];
    private long state;
    private int filled;

    LibraryBytes(long seed) {
        state = (seed + 1) * 0x9E37_79B9_7F4A_7C15L;
    }

    private static byte[][] vocabulary() {
        LibraryBytes source = new LibraryBytes(4711);
        byte[][] tokens = new byte[TOKENS][];
        for (int i = 0; i < TOKENS; i++) {
            byte[] token = new byte[2 + source.below(10)];
            for (int j = 0; j < token.length; j++) {
                // Letters and small numbers are frequent in text as well as in machine code.
                token[j] = (byte) (source.below(3) == 0 ? source.below(256) : 'a' + source.below(26));
            }
            tokens[i] = token;
        }
        return tokens;
    }

    /** Fills the buffer with the next bytes. */
    void fill(byte[] buffer, int length) {
        int at = 0;
        while (at < length) {
            int choice = below(16);
            if (choice <= 1) {
                at = repeat(buffer, at, length);
            } else if (choice <= 4) {
                at = random(buffer, at, length);
            } else {
                double uniform = (next() >>> 11) * 0x1.0p-53;
                byte[] token = VOCABULARY[(int) (TOKENS * uniform * uniform * uniform)];
                int count = Math.min(token.length, length - at);
                System.arraycopy(token, 0, buffer, at, count);
                at += count;
            }
        }
        int kept = Math.min(length, HISTORY);
        System.arraycopy(buffer, length - kept, history, 0, kept);
        filled = kept;
    }

    private int repeat(byte[] buffer, int at, int length) {
        int count = Math.min(8 + below(56), length - at);
        int reach = at > 0 ? at : filled;
        if (reach < count) {
            return random(buffer, at, length);
        }
        int distance = count + below(Math.min(reach, HISTORY) - count + 1);
        if (at > 0) {
            System.arraycopy(buffer, at - distance, buffer, at, count);
        } else {
            System.arraycopy(history, filled - distance, buffer, at, count);
        }
        return at + count;
    }

    private int random(byte[] buffer, int at, int length) {
        int count = Math.min(1 + below(6), length - at);
        long bits = next();
        for (int i = 0; i < count; i++) {
            buffer[at + i] = (byte) (bits >>> 8 * i);
        }
        return at + count;
    }

    int below(int bound) {
        return (int) ((next() >>> 33) % bound);
    }

    long next() {
        state += 0x9E37_79B9_7F4A_7C15L;
        long mixed = (state ^ state >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }
}
