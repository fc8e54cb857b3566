package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A repository in a registry, read over HTTP. {@link Registries} makes it.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull">OCI distribution-spec,
 *     pull</a>
 */
public final class RegistryTransport implements Transport {
    private static final String ACCEPT = String.join(
            ", ", MediaTypes.MANIFEST, MediaTypes.INDEX, MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_INDEX);
    private static final String DIGEST = "Docker-Content-Digest";

    private final RegistryEndpoint endpoint;
    private final LongAdder fetched;

    RegistryTransport(RegistryEndpoint endpoint, LongAdder fetched) {
        this.endpoint = endpoint;
        this.fetched = fetched;
    }

    @Override
    public String description() {
        return endpoint.toString();
    }

    @Override
    public ManifestDocument manifest(String target, Cancellation cancellation) {
        FetchRequest request = FetchRequest.get(endpoint.address("manifests", target, cancellation))
                .withHeader("Accept", ACCEPT);
        try (FetchResponse response = endpoint.read(request, cancellation)) {
            if (response.status() != 200) {
                throw endpoint.failure(response);
            }
            byte[] bytes = response.readAll(ManifestDocument.MAX_SIZE);
            fetched.add(bytes.length);
            if (target.contains(":")) {
                requireDigest(target, bytes);
            }
            response.header(DIGEST).ifPresent(digest -> requireDigest(digest, bytes));
            return ManifestDocument.parse(bytes, response.header("Content-Type").orElse(""));
        }
    }

    @Override
    public Optional<Digest> resolve(String target, Cancellation cancellation) {
        FetchRequest request = FetchRequest.head(endpoint.address("manifests", target, cancellation))
                .withHeader("Accept", ACCEPT);
        try (FetchResponse response = endpoint.read(request, cancellation)) {
            return response.status() == 200 ? response.header(DIGEST).map(Digest::parse) : Optional.empty();
        }
    }

    private void requireDigest(String expected, byte[] bytes) {
        Digest digest = Digest.parse(expected);
        if (!Digest.of(digest.algorithm(), digest.hasher().digest(bytes)).equals(digest)) {
            throw OciException.corrupt(
                    "oci.digest-mismatch",
                    "Reading a manifest of " + endpoint.repository() + " from " + endpoint
                            + " failed: its bytes do not match " + digest + ".");
        }
    }

    @Override
    public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
        FetchRequest request =
                FetchRequest.get(endpoint.address("blobs", descriptor.digest().toString(), cancellation));
        FetchResponse response = endpoint.read(request.from(offset), cancellation);
        if (response.status() == 416 && offset > 0) {
            response.close();
            response = endpoint.read(request, cancellation);
        }
        try {
            if (response.status() != 200 && response.status() != 206) {
                throw endpoint.failure(response);
            }
            long begin = response.offset();
            requireSize(descriptor, begin, response.contentLength());
            return new BlobStream(new CountingStream(response.body(), fetched), begin);
        } catch (RuntimeException e) {
            response.close();
            throw e;
        }
    }

    @Override
    public BlobStream part(Descriptor descriptor, long offset, long length, Cancellation cancellation) {
        FetchRequest request = FetchRequest.get(
                        endpoint.address("blobs", descriptor.digest().toString(), cancellation))
                .range(offset, length);
        FetchResponse response = endpoint.read(request, cancellation);
        try {
            if (response.status() != 200 && response.status() != 206) {
                throw endpoint.failure(response);
            }
            return new BlobStream(new CountingStream(response.body(), fetched), response.offset());
        } catch (RuntimeException e) {
            response.close();
            throw e;
        }
    }

    private void requireSize(Descriptor descriptor, long begin, OptionalLong length) {
        if (length.isPresent() && begin + length.getAsLong() != descriptor.size()) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Reading " + descriptor.digest() + " from " + endpoint + " failed: it ends at byte "
                            + (begin + length.getAsLong()) + ", not at " + descriptor.size() + " as announced.");
        }
    }
}
