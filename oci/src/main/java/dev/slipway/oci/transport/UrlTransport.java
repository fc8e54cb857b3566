package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.OciException;
import java.net.URI;
import java.util.concurrent.atomic.LongAdder;

/**
 * An address that a descriptor names for its blob, beside the registry: what may not be handed out by others lies there.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#properties">OCI image-spec,
 *     descriptor, urls</a>
 */
final class UrlTransport implements Transport {
    private final Fetcher fetcher;
    private final URI address;
    private final LongAdder fetched;

    UrlTransport(Fetcher fetcher, URI address, LongAdder fetched) {
        this.fetcher = fetcher;
        this.address = address;
        this.fetched = fetched;
    }

    @Override
    public String description() {
        return address.getHost() == null ? "an address of the manifest" : address.getHost();
    }

    @Override
    public ManifestDocument manifest(String target, Cancellation cancellation) {
        throw OciException.missing(
                "oci.content-missing", "Reading " + target + " failed: " + description() + " holds one blob only.");
    }

    @Override
    public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
        FetchResponse response = fetcher.send(FetchRequest.get(address).from(offset), cancellation);
        if (response.status() != 200 && response.status() != 206) {
            try (response) {
                throw response.failure();
            }
        }
        return new BlobStream(new CountingStream(response.body(), fetched), response.offset());
    }
}
