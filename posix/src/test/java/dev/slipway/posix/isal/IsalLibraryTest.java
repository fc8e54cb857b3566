package dev.slipway.posix.isal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsalLibraryTest {
    private static final IsalLibrary.Probe PROBE = IsalLibrary.probe();

    @Test
    void isFoundOnLinuxWithAnX86Processor() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "no Linux on x86-64");
        assertThat(PROBE.library()).as(PROBE.reason()).isPresent();
        assertThat(PROBE.reason()).isEqualTo("the bundled copy");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 4096, 70_000})
    void inflatesWhateverTheSizesOfThePieces(int piece) throws Exception {
        IsalLibrary library = library();
        Random random = new Random(piece);
        for (int level : new int[] {0, 1, 6, 9}) {
            byte[] plain = new byte[150_000];
            random.nextBytes(plain);
            for (int i = 50_000; i < plain.length; i++) {
                plain[i] = random.nextInt(4) == 0 ? plain[i] : plain[i - 1 - random.nextInt(32_768)];
            }
            ByteBuffer in = deflated(plain, level);
            ByteBuffer out = ByteBuffer.allocateDirect(plain.length);
            try (IsalInflater inflater = library.inflater()) {
                int end = in.limit();
                in.limit(Math.min(end, piece));
                out.limit(Math.min(out.capacity(), piece));
                while (!inflater.inflate(in, out)) {
                    if (out.hasRemaining()) {
                        assertThat(in.limit()).isLessThan(end);
                        in.limit(Math.min(end, in.limit() + piece));
                    } else {
                        out.limit(Math.min(out.capacity(), out.limit() + piece));
                    }
                }
                byte[] inflated = new byte[out.flip().remaining()];
                out.get(inflated);
                assertThat(inflated).isEqualTo(plain);
                assertThat(end - in.position()).isEqualTo(20);
            }
        }
    }

    @Test
    void refusesMalformedDataAndSurvivesIt() {
        IsalLibrary library = library();
        Random random = new Random(5);
        byte[] plain = new byte[5000];
        int refused = 0;
        try (IsalInflater inflater = library.inflater()) {
            for (int round = 0; round < 2000; round++) {
                inflater.reset();
                ByteBuffer in = deflated(plain, 6);
                in.put(random.nextInt(in.limit() - 20), (byte) random.nextInt());
                ByteBuffer out = ByteBuffer.allocateDirect(20_000);
                try {
                    inflater.inflate(in, out);
                } catch (DataFormatException _) {
                    refused++;
                }
            }
            inflater.reset();
            ByteBuffer reserved = ByteBuffer.allocateDirect(1).put(0, (byte) 7);
            assertThatThrownBy(() -> inflater.inflate(reserved, ByteBuffer.allocateDirect(10)))
                    .isInstanceOf(DataFormatException.class);
        }
        assertThat(refused).isGreaterThan(100);
    }

    private static IsalLibrary library() {
        assumeTrue(PROBE.library().isPresent(), PROBE.reason());
        return PROBE.library().orElseThrow();
    }

    private static ByteBuffer deflated(byte[] plain, int level) {
        Deflater deflater = new Deflater(level, true);
        deflater.setInput(plain);
        deflater.finish();
        byte[] bytes = new byte[plain.length + 10_000];
        int length = deflater.deflate(bytes);
        deflater.end();
        return ByteBuffer.allocateDirect(length + 20).put(bytes, 0, length + 20).flip();
    }
}
