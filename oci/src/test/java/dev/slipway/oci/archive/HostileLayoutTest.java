package dev.slipway.oci.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transfer.CopyOptions;
import dev.slipway.oci.transport.ContentDestination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layouts that lie: refused with a code, never with a hang, a crash or an image that is not what its digest says. */
@Timeout(120)
class HostileLayoutTest {
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    @TempDir
    Path folder;

    private Path layout;

    @BeforeEach
    void write() {
        layout = folder.resolve("layout");
        SampleImages.copy(
                SampleImages.source(SampleImages.index()),
                LayoutDestination.open(layout, "1", Cancellation.never()),
                CopyOptions.defaults().withAllPlatforms());
    }

    @Test
    void refusesBlobsThatAreMissingOrNotWhatTheyShouldBe() throws Exception {
        for (Path blob : blobs()) {
            byte[] sound = Files.readAllBytes(blob);
            byte[] other = sound.clone();
            other[other.length / 2] ^= 1;
            for (byte[] damaged : List.of(other, Arrays.copyOf(sound, sound.length - 1), new byte[0])) {
                Files.write(blob, damaged);
                assertThatThrownBy(this::copy).as("%s", blob).isInstanceOf(CodedException.class);
            }
            Files.delete(blob);
            assertThatThrownBy(this::copy).as("%s", blob).isInstanceOf(CodedException.class);
            Files.write(blob, sound);
        }
        assertThat(copy().blobsCopied()).isEqualTo(5);
    }

    @Test
    void refusesIndexesNestedWithoutEnd() throws Exception {
        String inner = put("{\"schemaVersion\":2,\"manifests\":[]}");
        for (int depth = 0; depth < 10; depth++) {
            inner = put("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + inner + "]}");
        }
        index(inner);

        assertThatThrownBy(this::copy).hasMessageContaining("nested deeper");
    }

    @Test
    void doesNotTireOfIndexesThatNameTheSameOverAndOver() throws Exception {
        String inner = put("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[]}");
        for (int depth = 0; depth < 2; depth++) {
            String many = String.join(",", java.util.Collections.nCopies(4000, inner));
            inner = put("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + many + "]}");
        }
        index(inner);

        assertThat(copy().blobsCopied()).isZero();
    }

    @Test
    void readsOrRefusesDamagedDocuments() throws Exception {
        Path index = layout.resolve("index.json");
        byte[] sound = Files.readAllBytes(index);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] words = {
            "sha256:",
            "sha512:",
            "\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "null",
            "-1",
            "1e99",
            "9223372036854775808",
            "true",
            "manifests",
            "layers",
            "mediaType",
            "digest",
            "size",
            "platform",
            "annotations",
            INDEX,
            "\\u0000",
            "../"
        };
        for (int round = 0; round < 1_000; round++) {
            StringBuilder text = new StringBuilder(new String(sound, StandardCharsets.UTF_8));
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(12));
                text.replace(at, end, words[random.nextInt(words.length)]);
            }
            Files.writeString(index, text);
            try {
                copy();
            } catch (CodedException e) {
                assertThat(e.code()).as("seed %d", seed).isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round + ": " + text, e);
            }
        }
    }

    private CopiedImage copy() {
        return SampleImages.copy(
                LayoutSource.folder(layout, ""),
                new ContentDestination(new MemoryContentStore(), "x"),
                CopyOptions.defaults().withAllPlatforms());
    }

    /** Keeps a document and returns a descriptor of it. */
    private String put(String document) throws IOException {
        Digest digest = Digest.sha256(document);
        Files.writeString(layout.resolve("blobs/sha256").resolve(digest.hex()), document);
        return "{\"mediaType\":\"" + INDEX + "\",\"digest\":\"" + digest + "\",\"size\":" + document.length() + "}";
    }

    private void index(String descriptor) throws IOException {
        Files.writeString(layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + descriptor + "]}");
    }

    private List<Path> blobs() throws IOException {
        try (Stream<Path> files = Files.list(layout.resolve("blobs/sha256"))) {
            return files.toList();
        }
    }
}
