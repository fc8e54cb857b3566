package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.slipway.base.ByteSize;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tar.TarWriter;
import dev.slipway.oci.tree.Attributes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a layer's bytes are read: compression, truncation, limits. */
class LayerReadingTest {
    private final byte[] plain = tar("a", new byte[] {'1'});
    private final Layers layers = new Layers();

    private static byte[] tar(String name, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(bytes)) {
            Attributes attributes = Attributes.of(0644, Instant.EPOCH);
            tar.write(
                    new TarHeader(name, TarType.FILE, attributes, content.length, "", 0, 0),
                    new ByteArrayInputStream(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    @Test
    void l28AndL29ReadAllMembersAndIgnoreZeroPadding() {
        byte[] first = Arrays.copyOf(plain, 300);
        byte[] second = Arrays.copyOfRange(plain, 300, plain.length);
        byte[] blob = join(Layers.gzip(first), Layers.gzip(new byte[0]), Layers.gzip(second), new byte[5000]);

        layers.blob(MediaTypes.LAYER_TAR_GZIP, blob, Digest.sha256(plain));

        assertThat(layers.tree()).containsExactly("a=1");
    }

    @Test
    void l30ReadsZstdWithSeveralFramesSomeToBeSkipped() {
        byte[] skipped = {0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9};
        byte[] blob = join(
                Zstd.compress(Arrays.copyOf(plain, 300)),
                skipped,
                Zstd.compress(Arrays.copyOfRange(plain, 300, plain.length)),
                skipped);
        layers.blob(MediaTypes.LAYER_TAR_ZSTD, blob, Digest.sha256(plain));
        assertThat(layers.tree()).containsExactly("a=1");
    }

    @Test
    void l31GoesByTheBytesWhenTheMediaTypeIsWrong() {
        layers.blob(MediaTypes.LAYER_TAR_GZIP, plain, Digest.sha256(plain));
        assertThat(layers.tree()).containsExactly("a=1");
        Layers zstd = new Layers().blob(MediaTypes.LAYER_TAR_GZIP, Zstd.compress(plain), Digest.sha256(plain));
        assertThat(zstd.tree()).containsExactly("a=1");
        Layers disguised = new Layers().blob(MediaTypes.LAYER_TAR, Layers.gzip(plain), Digest.sha256(plain));
        assertThat(disguised.tree()).containsExactly("a=1");
    }

    @Test
    void readsHeadersWithEveryOptionalField() {
        byte[] body = Layers.gzip(plain);
        byte[] fields = {0x1f, (byte) 0x8b, 8, 2 + 4 + 8 + 16, 1, 2, 3, 4, 0, 3, 2, 0, 'x', 'x', 'n', 0, 'c', 0, 9, 9};
        byte[] blob = join(fields, Arrays.copyOfRange(body, 10, body.length));
        layers.blob(MediaTypes.LAYER_TAR_GZIP, blob, Digest.sha256(plain));
        assertThat(layers.tree()).containsExactly("a=1");
    }

    @Test
    void l29RefusesGarbageAfterTheEnd() {
        layers.blob(MediaTypes.LAYER_TAR_GZIP, join(Layers.gzip(plain), new byte[] {7}), Digest.sha256(plain));
        assertThatThrownBy(layers::tree).hasMessageContaining("not gzip");
        Layers late = new Layers()
                .blob(
                        MediaTypes.LAYER_TAR_GZIP,
                        join(Layers.gzip(plain), new byte[100], new byte[] {7}),
                        Digest.sha256(plain));
        assertThatThrownBy(late::tree).hasMessageContaining("follows its padding");
    }

    @Test
    void noticesDamageBehindTheEndOfTheArchive() {
        byte[] tail = join(plain, new byte[20_000]);
        byte[] blob = Layers.gzip(tail);
        blob[blob.length - 6] ^= 1;
        layers.blob(MediaTypes.LAYER_TAR_GZIP, blob, Digest.sha256(tail));
        assertThatThrownBy(layers::tree).hasMessageContaining("check sum");
    }

    @Test
    void l43RefusesAWrongOrSurplusDiffId() {
        layers.blob(MediaTypes.LAYER_TAR_GZIP, Layers.gzip(plain), Digest.sha256("other"));
        assertThatThrownBy(layers::tree).hasMessageContaining("the config says");
        Layers surplus = new Layers().file("a", "1").above();
        surplus.diffIds().add(Digest.sha256(plain));
        assertThatThrownBy(surplus::tree).hasMessageContaining("names 2 diff ids");
    }

    @Test
    void refusesLayersItCannotReadByName() {
        layers.blob(MediaTypes.LAYER_TAR, new byte[] {'B', 'Z', 'h', '9'}, Digest.sha256(plain));
        assertThatThrownBy(layers::tree).hasMessageContaining("bzip2");
        byte[] xz = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0};
        Layers other = new Layers().blob(MediaTypes.LAYER_TAR, xz, Digest.sha256(plain));
        assertThatThrownBy(other::tree).hasMessageContaining("xz");
        Layers unknown = new Layers().blob("application/x-squashfs", plain, Digest.sha256(plain));
        assertThatThrownBy(unknown::tree).hasMessageContaining("application/x-squashfs");
    }

    @Test
    void l32AcceptsAnArchiveWithoutItsEndButNotACutOne() {
        byte[] content = new byte[1000];
        byte[] whole = tar("a", content);
        for (int length : new int[] {whole.length - 512, whole.length - 1024, 512 + 1000}) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThat(new Layers()
                            .blob(MediaTypes.LAYER_TAR, cut, Digest.sha256(cut))
                            .tree())
                    .hasSize(1);
        }
        for (int length : new int[] {100, 512 + 999, 512, 700}) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> new Layers()
                            .blob(MediaTypes.LAYER_TAR, cut, Digest.sha256(cut))
                            .tree())
                    .hasMessageContaining("cut off");
        }
        byte[] gzip = Layers.gzip(whole);
        byte[] cut = Arrays.copyOf(gzip, gzip.length - 9);
        assertThatThrownBy(() -> new Layers()
                        .blob(MediaTypes.LAYER_TAR, cut, Digest.sha256(whole))
                        .tree())
                .hasMessageContaining("cut off");
    }

    @Test
    void acceptsAnEmptyLayer() {
        layers.above()
                .blob(MediaTypes.LAYER_TAR, new byte[0], Digest.sha256(""))
                .file("a", "1");
        assertThat(layers.tree()).containsExactly("a=1");
    }

    @Test
    void l39StopsBombs() {
        byte[] zeros = tar("zeros", new byte[1 << 20]);
        layers.blob(MediaTypes.LAYER_TAR_GZIP, Layers.gzip(zeros), Digest.sha256(zeros));
        FlattenLimits ratio = new FlattenLimits(10, ByteSize.ofMebibytes(10), 100, new ByteSize(1000));
        FlattenLimits bytes = new FlattenLimits(10, new ByteSize(1 << 20), 10_000, new ByteSize(1000));
        FlattenLimits entries = new FlattenLimits(0, ByteSize.ofMebibytes(10), 10_000, new ByteSize(1000));

        assertThatThrownBy(() -> layers.into(new RecordingSink(), ratio)).hasMessageContaining("100 times");
        assertThatThrownBy(() -> layers.into(new RecordingSink(), bytes)).hasMessageContaining("more than 1.0 MiB");
        assertThatThrownBy(() -> layers.into(new RecordingSink(), entries)).hasMessageContaining("more than 0 entries");
        layers.into(new RecordingSink());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void survivesDamagedBytesAnywhere(long seed) {
        Random random = new Random(seed);
        byte[] whole = tar("x".repeat(150), new byte[2000]);
        for (int round = 0; round < 500; round++) {
            byte[] damaged = random.nextBoolean() ? whole.clone() : Layers.gzip(whole);
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                new Layers()
                        .blob(MediaTypes.LAYER_TAR, damaged, Digest.sha256(damaged))
                        .tree();
            } catch (CodedException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
