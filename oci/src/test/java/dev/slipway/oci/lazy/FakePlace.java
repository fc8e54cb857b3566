package dev.slipway.oci.lazy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.transport.Transport;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds an image's layers and writes down what is asked of it. */
final class FakePlace implements Transport {
    /**
     * A request for a part of a layer.
     *
     * @param layer 0 is the lowest
     */
    record Asked(int layer, long offset, long length) {}

    final List<Asked> asked = new ArrayList<>();
    boolean ignoresRanges;
    /** So many answers break off after half of what was asked for. */
    int breaks;

    private final List<Descriptor> layers = new ArrayList<>();
    private final Map<Digest, byte[]> blobs = new HashMap<>();

    /** Adds a layer on top. */
    FakePlace with(LazyLayer layer) {
        return with(layer.make());
    }

    FakePlace with(LazyLayer.Made made) {
        return with(made.descriptor(), made.blob());
    }

    /** Adds a layer whose bytes may be others than its digest says. */
    FakePlace with(Descriptor descriptor, byte[] bytes) {
        layers.add(descriptor);
        blobs.put(descriptor.digest(), bytes);
        return this;
    }

    List<Descriptor> layers() {
        return layers;
    }

    RemoteTree tree() {
        return tree(LazyLimits.defaults());
    }

    RemoteTree tree(LazyLimits limits) {
        Descriptor config = Descriptor.of(MediaTypes.CONFIG, new byte[] {'{', '}'});
        return RemoteTree.open(ImageManifest.create(config, layers, Map.of()), this, limits, Cancellation.never());
    }

    @Override
    public String description() {
        return "the test";
    }

    @Override
    public ManifestDocument manifest(String target, Cancellation cancellation) {
        throw new AssertionError("nobody asks for it");
    }

    @Override
    public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
        return part(descriptor, offset, descriptor.size() - offset, cancellation);
    }

    @Override
    public BlobStream part(Descriptor descriptor, long offset, long length, Cancellation cancellation) {
        byte[] bytes = blobs.getOrDefault(descriptor.digest(), new byte[0]);
        asked.add(new Asked(layers.indexOf(descriptor), offset, length));
        int from = ignoresRanges ? 0 : Math.toIntExact(Math.min(offset, bytes.length));
        int to = ignoresRanges ? bytes.length : Math.toIntExact(Math.min(bytes.length, offset + length));
        if (breaks > 0) {
            breaks--;
            return new BlobStream(broken(Arrays.copyOfRange(bytes, from, from + (to - from) / 2)), from);
        }
        return new BlobStream(
                new ByteArrayInputStream(Arrays.copyOfRange(bytes, from, to)), ignoresRanges ? 0 : offset);
    }

    private static InputStream broken(byte[] bytes) {
        InputStream end = new InputStream() {
            @Override
            public int read() {
                throw new OciException("oci.test", ErrorKind.UNREACHABLE, "The connection broke.", "", null);
            }
        };
        return new SequenceInputStream(new ByteArrayInputStream(bytes), end);
    }
}
