package dev.slipway.oci.lazy;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Finds, reads and verifies a layer's table of contents. Its digest stands in the layer's descriptor, and so in the manifest: a table
 * without one could say anything and is not used.
 *
 * @see <a href="https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md">eStargz</a>
 * @see <a href="https://github.com/containers/storage/blob/main/docs/containers-storage-zstd-chunked.md">zstd:chunked</a>
 */
final class TocBytes {
    /** Of the uncompressed table. */
    private static final String TABLE_DIGEST = "containerd.io/snapshot/stargz/toc.digest";

    private static final String TABLE_NAME = "stargz.index.json";
    /** Of the compressed table; the name has changed. */
    private static final List<String> COMPRESSED_DIGESTS = List.of(
            "io.github.containers.zstd-chunked.manifest-checksum", "io.containers.zstd-chunked.manifest-checksum");

    private static final List<String> POSITIONS = List.of(
            "io.github.containers.zstd-chunked.manifest-position", "io.containers.zstd-chunked.manifest-position");

    private final RemoteBlob blob;
    private final Descriptor layer;
    private final LazyLimits limits;

    TocBytes(RemoteBlob blob, LazyLimits limits) {
        this.blob = blob;
        this.layer = blob.layer();
        this.limits = limits;
    }

    /**
     * A verified table.
     *
     * @param json as it was written
     */
    record Table(TocFooter place, byte[] json) {}

    /**
     * Reads the table.
     *
     * @return empty when there is none that can be verified, or the place gives no parts of blobs
     * @throws OciException {@code oci.invalid-toc}, {@code oci.digest-mismatch}, {@code oci.image-too-large}
     */
    Optional<Table> read() {
        Optional<String> compressedDigest = annotation(COMPRESSED_DIGESTS);
        Optional<String> digest = annotation(List.of(TABLE_DIGEST));
        if (compressedDigest.isEmpty() && digest.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> position = compressedDigest.isEmpty() ? Optional.empty() : annotation(POSITIONS);
        Optional<TocFooter> found =
                position.isPresent() ? Optional.of(TocFooter.parsePosition(position.get(), layer)) : footer();
        if (found.isEmpty() || (found.get().codec() == Codec.GZIP && digest.isEmpty())) {
            return Optional.empty();
        }
        TocFooter place = found.get();
        if (Math.max(place.length(), place.plainLength()) > limits.toc().bytes()) {
            throw tooLarge();
        }
        return blob.read(place.offset(), (int) place.length()).map(compressed -> {
            compressedDigest.ifPresent(text -> verify(compressed, text));
            byte[] json = expand(place, compressed);
            digest.ifPresent(text -> verify(json, text));
            return new Table(place, json);
        });
    }

    private Optional<String> annotation(List<String> names) {
        return names.stream()
                .flatMap(name -> Optional.ofNullable(layer.annotations().get(name)).stream())
                .findFirst();
    }

    private Optional<TocFooter> footer() {
        int length = (int) Math.min(TocFooter.MAX_LENGTH, layer.size());
        return length == 0
                ? Optional.empty()
                : blob.read(layer.size() - length, length).flatMap(tail -> TocFooter.parse(tail, layer));
    }

    private void verify(byte[] bytes, String text) {
        Digest expected = Digest.parse(text);
        if (!Digest.of(expected.algorithm(), expected.hasher().digest(bytes)).equals(expected)) {
            throw OciException.corrupt(
                    "oci.digest-mismatch",
                    "Reading the table of contents of layer " + layer.digest() + " failed: it does not match "
                            + expected + ".");
        }
    }

    private byte[] expand(TocFooter place, byte[] compressed) {
        try (InputStream in = place.codec().expand(new ByteArrayInputStream(compressed))) {
            if (place.codec() == Codec.GZIP) {
                return fromTar(in);
            }
            byte[] json = atMost(in, place.plainLength());
            if (json.length != place.plainLength()) {
                throw TocFooter.invalid(layer, "its length is not " + place.plainLength() + " as announced");
            }
            return json;
        } catch (IOException e) {
            throw AtomicFiles.explain("read the table of contents of layer " + layer.digest(), e);
        }
    }

    private byte[] fromTar(InputStream in) throws IOException {
        TarReader tar = new TarReader(in);
        TarHeader header = tar.next()
                .filter(entry -> entry.name().equals(TABLE_NAME))
                .orElseThrow(() -> TocFooter.invalid(layer, "there is no " + TABLE_NAME + " where it should be"));
        if (header.size() > limits.toc().bytes()) {
            throw tooLarge();
        }
        return atMost(tar.content(), header.size());
    }

    private static byte[] atMost(InputStream in, long length) throws IOException {
        return in.readNBytes((int) length + 1);
    }

    private OciException tooLarge() {
        return LazyLimits.exceeded(
                "the table of contents of layer " + layer.digest() + " has more than " + limits.toc());
    }
}
