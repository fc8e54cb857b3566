package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.github.luben.zstd.Zstd;
import dev.slipway.base.ByteSize;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.tree.Attributes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damaged layers: each is refused with a coded error or gives a tree, the same both ways, and neither takes long. A failure
 * names the seed that repeats it. The everyday run is short; {@code -Pstress} looks for minutes.
 */
class LayerFuzzTest {
    private static final FlattenLimits LIMITS =
            new FlattenLimits(10_000, ByteSize.ofMebibytes(8), 2000, ByteSize.ofMebibytes(4));
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @Test
    @Timeout(300)
    void survivesDamagedArchivesCompressionAndStacks() {
        int trees = fuzz(1, 1200);
        assertThat(trees).as("damaged layers that are still layers").isGreaterThan(50);
    }

    @Tag("stress")
    @Test
    void survivesThemForLong() {
        assertThat(fuzz(System.nanoTime(), 300_000)).isPositive();
    }

    private static int fuzz(long firstSeed, int rounds) {
        List<byte[]> samples = samples();
        int trees = 0;
        for (long seed = firstSeed; seed < firstSeed + rounds; seed++) {
            long begin = System.nanoTime();
            try {
                trees += round(seed, samples) ? 1 : 0;
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed, e);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("seed %d", seed)
                    .isLessThan(LONGEST);
        }
        return trees;
    }

    private static boolean round(long seed, List<byte[]> samples) {
        Random random = new Random(seed);
        Mutator mutator = new Mutator(seed);
        Layers layers = new Layers();
        for (int i = random.nextInt(3); i >= 0; i--) {
            byte[] sample = samples.get(random.nextInt(samples.size()));
            byte[] plain = random.nextInt(4) == 0 ? sample : Mutator.withCheckSums(mutator.mutate(sample, samples));
            byte[] blob = switch (random.nextInt(6)) {
                case 0 -> Layers.gzip(plain);
                case 1 -> Zstd.compress(plain, 1);
                case 2 -> mutator.mutate(Layers.gzip(plain), samples);
                case 3 -> mutator.mutate(Zstd.compress(plain, 1), samples);
                default -> plain;
            };
            layers.blob(MediaTypes.LAYER_TAR, blob, Digest.sha256(plain));
        }
        RecordingSink streamed = new RecordingSink(true);
        RecordingSink indexed = new RecordingSink(false);
        boolean one = isTree(layers, streamed);
        assertThat(isTree(layers, indexed)).isEqualTo(one);
        if (one) {
            assertThat(streamed.tree()).isEqualTo(indexed.tree());
            assertThat(streamed.entries.keySet())
                    .allSatisfy(path -> assertThat(path.components()).doesNotContain("..", ".", ""));
        }
        return one;
    }

    private static boolean isTree(Layers layers, RecordingSink sink) {
        try {
            layers.into(sink, LIMITS);
            return true;
        } catch (CodedException e) {
            assertThat(e.code()).startsWith("oci.");
            return false;
        }
    }

    /** Archives with everything that a reader must know. */
    private static List<byte[]> samples() {
        List<byte[]> samples = new ArrayList<>();
        for (long seed = 0; seed < 12; seed++) {
            Layers layers = RandomLayers.of(seed, seed % 3 == 0 ? RandomLayers.Style.WILD : RandomLayers.Style.TIDY);
            layers.descriptors().forEach(layer -> samples.add(plain(layers, layer)));
        }
        Layers odd = new Layers()
                .dir("long/" + "n".repeat(120))
                .file("long/" + "n".repeat(120) + "/" + "m".repeat(180), "content")
                .file(
                        "attributes",
                        "x",
                        new Attributes(
                                06755,
                                4_000_000_000L,
                                1,
                                Instant.ofEpochSecond(-5, 7),
                                Map.of("user.a", new byte[] {1}, "security.selinux", new byte[0])))
                .link("link", "t".repeat(200))
                .device("device", 5, 6)
                .above();
        samples.add(plain(odd, odd.descriptors().getFirst()));
        samples.add(sparse("00000000000", "00000000004", "GNU"));
        samples.add(
                pax("22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n27 GNU.sparse.realsize=99\n21 GNU.sparse.name=a\n"));
        samples.add(pax("20 GNU.sparse.size=9\n22 GNU.sparse.map=0,3\n"));
        return samples;
    }

    private static byte[] plain(Layers layers, Descriptor layer) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(layers.bytes(layer)))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] sparse(String offset, String length, String content) {
        byte[] archive = new byte[2048];
        put(archive, 0, "sparse");
        put(archive, 124, "00000000004");
        archive[156] = 'S';
        put(archive, 257, "ustar  ");
        put(archive, 386, offset);
        put(archive, 398, length);
        put(archive, 483, "00000000100");
        put(archive, 512, content);
        return Mutator.withCheckSums(archive);
    }

    private static byte[] pax(String records) {
        byte[] archive = new byte[3072];
        put(archive, 0, "records");
        put(archive, 124, "%011o".formatted(records.length()));
        archive[156] = 'x';
        put(archive, 257, "ustar\00000");
        put(archive, 512, records);
        put(archive, 1024, "file");
        put(archive, 1024 + 124, "00000001003");
        archive[1024 + 156] = '0';
        put(archive, 1024 + 257, "ustar\00000");
        put(archive, 1536, "1\n0\n3\n");
        put(archive, 2048, "abc");
        return Mutator.withCheckSums(archive);
    }

    private static void put(byte[] archive, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, archive, at, bytes.length);
    }
}
