package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;

/** One image in a place that was opened for reading. */
public interface ImageSource extends Transport, AutoCloseable {
    /** What the location that was opened names: an image, or an index of several. */
    ManifestDocument root(Cancellation cancellation);

    /**
     * Whether the place keeps the image's manifest. When not, it was made up for this reading: its digest means nothing to
     * anybody, and another place may hold the same image in a form that suits it better.
     */
    default boolean hasOwnManifest() {
        return true;
    }

    @Override
    void close();

    /**
     * An image at a transport that needs no closing.
     *
     * @param target a tag or a digest
     */
    static ImageSource of(Transport transport, String target) {
        return new ImageSource() {
            @Override
            public String description() {
                return transport.description();
            }

            @Override
            public ManifestDocument root(Cancellation cancellation) {
                return transport.manifest(target, cancellation);
            }

            @Override
            public ManifestDocument manifest(String other, Cancellation cancellation) {
                return transport.manifest(other, cancellation);
            }

            @Override
            public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
                return transport.blob(descriptor, offset, cancellation);
            }

            @Override
            public void close() {}
        };
    }
}
