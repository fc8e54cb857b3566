package dev.slipway.oci.lazy;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.base.Retry;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarReader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tree.Extent;
import dev.slipway.oci.tree.TreePath;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A layer that can only be read from its beginning. */
final class PlainLayer {
    /** The largest file that is held in memory in case that it is the one wanted. */
    private static final long MAX_KEPT = 8 << 20;

    private final RemoteBlob blob;
    private final Descriptor layer;
    private final LazyLimits limits;

    PlainLayer(RemoteBlob blob, LazyLimits limits) {
        this.blob = blob;
        this.layer = blob.layer();
        this.limits = limits;
    }

    /**
     * Reads the whole layer, verifies it, and says what it holds; begins anew when the connection breaks.
     *
     * @param wanted a path that is likely to be read next, so that its content is kept
     */
    List<LayerEntry> index(TreePath wanted) {
        return Retry.DEFAULT.call(blob.cancellation(), () -> indexOnce(wanted));
    }

    private List<LayerEntry> indexOnce(TreePath wanted) {
        MessageDigest hasher = layer.digest().hasher();
        try (InputStream stored = new DigestInputStream(blob.whole(), hasher)) {
            List<LayerEntry> found = new ArrayList<>();
            try (InputStream plain = plain(stored)) {
                TarReader tar = new TarReader(plain);
                for (Optional<TarHeader> header = tar.next(); header.isPresent(); header = tar.next()) {
                    found.add(entry(header.get(), tar, found.size(), wanted));
                    if (found.size() > limits.entries()) {
                        throw LazyLimits.exceeded(
                                "layer " + layer.digest() + " has more than " + limits.entries() + " entries");
                    }
                }
                stored.transferTo(OutputStream.nullOutputStream());
            }
            if (!Digest.of(layer.digest().algorithm(), hasher.digest()).equals(layer.digest())) {
                throw OciException.corrupt(
                        "oci.digest-mismatch", "Reading layer " + layer.digest() + " failed: its bytes do not match.");
            }
            return found;
        } catch (IOException e) {
            throw AtomicFiles.explain("read layer " + layer.digest(), e);
        }
    }

    private InputStream plain(InputStream stored) throws IOException {
        PushbackInputStream in = new PushbackInputStream(stored, 4);
        Codec codec = Codec.of(in);
        return new Limited(codec.expand(in));
    }

    private LayerEntry entry(TarHeader header, TarReader tar, int ordinal, TreePath wanted) throws IOException {
        if (header.type() != TarType.FILE || header.size() == 0) {
            return new LayerEntry(header, new Content.Empty());
        }
        if (header.size() <= MAX_KEPT && TreePath.parse(header.name()).equals(wanted)) {
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            new HoleStream(tar.content(), extents(header), header.size()).transferTo(kept);
            return new LayerEntry(header, new Content.Kept(kept.toByteArray()));
        }
        MessageDigest hasher = Digest.hasher("sha256");
        new DigestInputStream(tar.content(), hasher).transferTo(OutputStream.nullOutputStream());
        return new LayerEntry(header, new Content.Streamed(ordinal, Digest.of("sha256", hasher.digest())));
    }

    private static List<Extent> extents(TarHeader header) {
        return header.extents().isEmpty() ? List.of(new Extent(0, header.size())) : header.extents();
    }

    /** Reads the layer again, up to a file in it. */
    InputStream open(Content.Streamed content, TarHeader header) {
        try {
            InputStream plain = plain(blob.whole());
            try {
                TarReader tar = new TarReader(plain);
                for (int i = 0; i < content.ordinal(); i++) {
                    tar.next();
                }
                if (tar.next().isEmpty()) {
                    throw OciException.corrupt(
                            "oci.content-changed", "Reading layer " + layer.digest() + " failed: it has changed.");
                }
                List<Extent> extents = extents(header);
                long stored = extents.stream().mapToLong(Extent::length).sum();
                InputStream verified = new VerifiedStream(tar.content(), stored, Optional.of(content.digest()), layer);
                return new Owning(new HoleStream(verified, extents, header.size()), plain);
            } catch (IOException | RuntimeException e) {
                plain.close();
                throw e;
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("read layer " + layer.digest(), e);
        }
    }

    /** Closes what it is read from, too. */
    private static final class Owning extends FilterInputStream {
        private final InputStream source;

        Owning(InputStream in, InputStream source) {
            super(in);
            this.source = source;
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }

    /** Ends when too much comes out of the layer. */
    private final class Limited extends FilterInputStream {
        private long left = limits.streamed().bytes();

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = in.read(buffer, from, length);
            left -= Math.max(0, read);
            if (left < 0) {
                throw LazyLimits.exceeded(
                        "layer " + layer.digest() + " has more than " + limits.streamed() + " when uncompressed");
            }
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            return readNBytes((int) Math.min(count, 1 << 16)).length;
        }
    }
}
