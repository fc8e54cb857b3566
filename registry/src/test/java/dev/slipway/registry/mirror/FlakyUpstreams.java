package dev.slipway.registry.mirror;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.OciException;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.transport.Transport;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One upstream host over a content store, which can be down, slow, cut short or wrong, and counts what it is asked. */
final class FlakyUpstreams implements Upstreams {
    static final String HOST = "upstream.example";

    final AtomicInteger manifests = new AtomicInteger();
    final AtomicInteger heads = new AtomicInteger();
    final AtomicInteger blobs = new AtomicInteger();
    volatile boolean down;
    volatile boolean wrong;
    /** Only the first of the two places is wrong. */
    volatile boolean wrongPlace;

    /** The first of the two places breaks off after that many bytes. */
    volatile long cutAt = Long.MAX_VALUE;
    /** Blobs stop in the middle until this is opened. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    private final ContentStore store;

    FlakyUpstreams(ContentStore store) {
        this.store = store;
    }

    @Override
    public boolean mirrors(String host) {
        return host.equals(HOST);
    }

    @Override
    public Optional<String> usualHost() {
        return Optional.of(HOST);
    }

    @Override
    public List<Transport> transports(ImageReference reference) {
        return List.of(new Place(reference, true), new Place(reference, false));
    }

    private final class Place implements Transport {
        private final ImageReference reference;
        private final boolean first;

        Place(ImageReference reference, boolean first) {
            this.reference = reference;
            this.first = first;
        }

        @Override
        public String description() {
            return "place " + first;
        }

        private void requireUp() {
            if (down) {
                throw new OciException("oci.test-down", ErrorKind.UNREACHABLE, "down", "", null);
            }
        }

        @Override
        public Optional<Digest> resolve(String target, Cancellation cancellation) {
            requireUp();
            heads.incrementAndGet();
            return find(target).map(Descriptor::digest);
        }

        private Optional<Descriptor> find(String target) {
            return store.resolve(HOST + "/" + reference.repository() + ":" + target);
        }

        @Override
        public ManifestDocument manifest(String target, Cancellation cancellation) {
            requireUp();
            manifests.incrementAndGet();
            Digest digest = target.contains(":")
                    ? Digest.parse(target)
                    : find(target)
                            .map(Descriptor::digest)
                            .orElseThrow(() -> OciException.missing("oci.test-missing", "no " + target));
            return ManifestDocument.parse(store.read(digest, ManifestDocument.MAX_SIZE), "");
        }

        @Override
        public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
            requireUp();
            blobs.incrementAndGet();
            byte[] bytes = read(descriptor);
            if (wrong || (wrongPlace && first)) {
                bytes[bytes.length - 1] ^= 1;
            }
            InputStream in = new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
            return new BlobStream(new Interrupted(in, offset, bytes.length / 2), offset);
        }

        private byte[] read(Descriptor descriptor) {
            try (InputStream in = store.open(descriptor.digest())) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** Waits at the gate in the middle, and breaks off where the first place shall. */
        private final class Interrupted extends FilterInputStream {
            private final long middle;
            private long position;

            Interrupted(InputStream in, long position, long middle) {
                super(in);
                this.position = position;
                this.middle = middle;
            }

            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                if (first && position >= cutAt) {
                    throw new IOException("cut");
                }
                if (position >= middle) {
                    pass();
                }
                long stop = first && position < cutAt ? Math.min(cutAt, position < middle ? middle : cutAt) : middle;
                int most = position < stop ? (int) Math.min(length, stop - position) : length;
                int read = super.read(buffer, from, most);
                position += Math.max(0, read);
                return read;
            }

            private void pass() throws IOException {
                try {
                    if (!gate.await(30, TimeUnit.SECONDS)) {
                        throw new IOException("nobody opened the gate");
                    }
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }
}
