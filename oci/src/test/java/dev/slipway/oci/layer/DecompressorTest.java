package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.slipway.base.CodedException;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How stored bytes become a layer's bytes; every inflater has to pass. */
class DecompressorTest {
    private static final Descriptor LAYER = Descriptor.of(MediaTypes.LAYER_TAR_GZIP, new byte[] {1});

    /** ISA-L, where this machine has it, and the JDK. */
    static Stream<InflateProvider> providers() {
        return Stream.of(InflateProvider.chosen(), InflateProvider.jdk("a test says so"));
    }

    private static byte[] sample(int length) {
        Random random = new Random(length);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int i = length / 4; i < length; i++) {
            bytes[i] = random.nextInt(3) == 0 ? bytes[i] : bytes[i - 1 - random.nextInt(Math.min(i - 1, 32_000))];
        }
        return bytes;
    }

    private static byte[] gzip(byte[] plain, int level) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out) {
            {
                def.setLevel(level);
            }
        }) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static byte[] skippableFrame(int length) {
        return ByteBuffer.allocate(8 + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184D2A53)
                .putInt(length)
                .array();
    }

    /** Gives as few bytes at a time as a slow connection may. */
    private static InputStream dribble(byte[] bytes, int most) {
        Random random = new Random(most);
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                return in.read(target, from, Math.min(length, 1 + random.nextInt(most)));
            }
        };
    }

    private static byte[] read(InputStream blob, InflateProvider provider, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer target = ByteBuffer.allocateDirect(piece);
        try (Decompressor decompressor = Decompressor.open(blob, LAYER, provider)) {
            boolean more = true;
            while (more) {
                target.clear();
                more = decompressor.fill(target);
                assertThat(more && target.hasRemaining()).as("full, or the end").isFalse();
                byte[] bytes = new byte[target.flip().remaining()];
                target.get(bytes);
                out.writeBytes(bytes);
            }
        }
        return out.toByteArray();
    }

    private static byte[] read(byte[] blob, InflateProvider provider) throws IOException {
        return read(new ByteArrayInputStream(blob), provider, 4096);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void readsAllMembersHoweverTheirBytesArrive(InflateProvider provider) throws IOException {
        byte[] plain = sample(400_000);
        byte[] blob = join(
                gzip(Arrays.copyOf(plain, 150_000), 1),
                gzip(new byte[0], 6),
                gzip(Arrays.copyOfRange(plain, 150_000, 150_001), 9),
                gzip(Arrays.copyOfRange(plain, 150_001, 400_000), Deflater.NO_COMPRESSION),
                new byte[70_000]);
        for (int piece : new int[] {1000, 65_536, 1 << 20}) {
            for (int most : new int[] {1, 7, 500, 1 << 20}) {
                assertThat(read(dribble(blob, most), provider, piece)).isEqualTo(plain);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void readsThousandsOfSmallMembers(InflateProvider provider) throws IOException {
        byte[] plain = sample(20_000);
        ByteArrayOutputStream blob = new ByteArrayOutputStream();
        for (int i = 0; i < plain.length; i += 5) {
            blob.writeBytes(gzip(Arrays.copyOfRange(plain, i, i + 5), 6));
        }
        assertThat(read(dribble(blob.toByteArray(), 1 << 20), provider, 8192)).isEqualTo(plain);
        assertThat(read(dribble(blob.toByteArray(), 9), provider, 77)).isEqualTo(plain);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesGzipThatIsCutAnywhere(InflateProvider provider) {
        byte[] blob = join(gzip(sample(300), 6), gzip(sample(10), 6));
        int first = gzip(sample(300), 6).length;
        for (int length = 2; length < blob.length; length++) {
            byte[] cut = Arrays.copyOf(blob, length);
            if (length != first) {
                assertThatThrownBy(() -> read(cut, provider))
                        .as("%d of %d bytes", length, blob.length)
                        .isInstanceOf(CodedException.class)
                        .hasMessageContaining("cut off");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void givesTheRightBytesOrNoneWhateverBitIsFlipped(InflateProvider provider) throws IOException {
        byte[] plain = sample(200);
        byte[] blob = gzip(plain, 6);
        int refused = 0;
        for (int bit = 16; bit < blob.length * 8; bit++) {
            byte[] damaged = blob.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(read(damaged, provider)).isEqualTo(plain);
            } catch (CodedException e) {
                assertThat(e.code()).isEqualTo("oci.invalid-gzip");
                refused++;
            }
        }
        // Time, extra flags and system, 6 bytes, say nothing about the content.
        assertThat(refused).isGreaterThan((blob.length - 10) * 8);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesWhatFollowsTheLastMember(InflateProvider provider) {
        byte[] blob = gzip(sample(100), 6);
        assertThatThrownBy(() -> read(join(blob, new byte[] {1}), provider)).hasMessageContaining("not gzip");
        assertThatThrownBy(() -> read(join(blob, new byte[200_000], new byte[] {1}), provider))
                .hasMessageContaining("follows its padding");
        assertThatThrownBy(() -> read(join(blob, new byte[] {0x1f}), provider)).hasMessageContaining("cut off");
    }

    @Test
    void readsAllFramesOfZstdAndSkipsThoseToBeSkipped() throws IOException {
        byte[] plain = sample(500_000);
        byte[] blob = join(
                skippableFrame(0),
                Zstd.compress(Arrays.copyOf(plain, 200_000), 3),
                skippableFrame(300_000),
                Zstd.compress(new byte[0], 1),
                Zstd.compress(Arrays.copyOfRange(plain, 200_000, 500_000), 19),
                skippableFrame(100));
        for (int piece : new int[] {1000, 65_536, 1 << 20}) {
            for (int most : new int[] {1, 7, 500, 1 << 20}) {
                assertThat(read(dribble(blob, most), InflateProvider.chosen(), piece))
                        .isEqualTo(plain);
            }
        }
    }

    @Test
    void refusesZstdThatIsCutOrFollowedBySomethingElse() {
        byte[] frame = Zstd.compress(sample(300), 3);
        byte[] blob = join(frame, skippableFrame(5), frame);
        for (int length = 4; length < blob.length; length++) {
            byte[] cut = Arrays.copyOf(blob, length);
            if (length != frame.length && length != frame.length + 13) {
                assertThatThrownBy(() -> read(cut, InflateProvider.chosen()))
                        .as("%d of %d bytes", length, blob.length)
                        .isInstanceOf(CodedException.class)
                        .hasMessageContaining("cut off");
            }
        }
        assertThatThrownBy(() -> read(join(frame, new byte[100]), InflateProvider.chosen()))
                .isInstanceOf(CodedException.class)
                .hasMessageContaining("Decompressing a layer failed");
    }

    @Test
    void readsWhatIsNotCompressedAndAnEmptyBlob() throws IOException {
        byte[] plain = sample(300_000);
        plain[0] = 'x';
        assertThat(read(dribble(plain, 999), InflateProvider.chosen(), 12_345)).isEqualTo(plain);
        assertThat(read(new byte[0], InflateProvider.chosen())).isEmpty();
        assertThat(read(new byte[] {0x1f}, InflateProvider.chosen())).containsExactly(0x1f);
    }

    @Test
    void saysWhatInflatesAndWhy() {
        InflateProvider provider = InflateProvider.chosen();
        assertThat(provider.name()).isIn("isa-l", "jdk");
        assertThat(provider.reason()).isNotBlank();
        assertThat(InflateProvider.chosen()).isSameAs(provider);
    }
}
