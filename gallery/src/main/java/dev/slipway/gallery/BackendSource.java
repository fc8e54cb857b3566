package dev.slipway.gallery;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import java.nio.file.Path;

/** Where a backend's bytes come from. */
public interface BackendSource {
    /**
     * Brings the bytes behind a uri onto this machine, verified; those that are here already are not fetched again.
     *
     * @throws GalleryException {@code gallery.unsupported-uri}
     */
    Fetched fetch(String uri, ProgressListener progress, Cancellation cancellation);

    /** Bytes that are here. */
    interface Fetched {
        /** What identifies them; the same digest always unpacks to the same tree. */
        Digest digest();

        /** How many bytes came over the network for them. */
        long bytesFetched();

        /** Lays them out in an empty folder that exists. */
        void unpackInto(Path folder, ProgressListener progress, Cancellation cancellation);
    }
}
