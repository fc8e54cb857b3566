package dev.slipway.oci.transport;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.OciException;
import dev.slipway.oci.content.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A repository as a content store holds it. */
public final class ContentTransport implements Transport {
    private final ContentStore store;
    private final ImageReference reference;

    /** Reads what the store holds under the reference's host and repository. */
    public ContentTransport(ContentStore store, ImageReference reference) {
        this.store = store;
        this.reference = reference;
    }

    @Override
    public String description() {
        return "the content store";
    }

    @Override
    public ManifestDocument manifest(String target, Cancellation cancellation) {
        if (target.contains(":")) {
            byte[] bytes = store.read(Digest.parse(target), ManifestDocument.MAX_SIZE);
            return ManifestDocument.parse(bytes, "");
        }
        String name = new ImageReference(
                        reference.host(), reference.repository(), Optional.of(target), Optional.empty())
                .toString();
        Descriptor descriptor = store.resolve(name)
                .orElseThrow(
                        () -> OciException.missing("oci.unknown-reference", name + " is not in the content store."));
        return ManifestDocument.parse(
                store.read(descriptor.digest(), ManifestDocument.MAX_SIZE), descriptor.mediaType());
    }

    @Override
    public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
        InputStream in = store.open(descriptor.digest());
        try {
            in.skipNBytes(offset);
            return new BlobStream(in, offset);
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + descriptor.digest(), e);
        }
    }
}
