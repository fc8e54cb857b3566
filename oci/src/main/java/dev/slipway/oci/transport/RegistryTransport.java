package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A repository in a registry, read over HTTP.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull">OCI distribution-spec,
 *     pull</a>
 */
public final class RegistryTransport implements Transport {
    private static final String ACCEPT = String.join(
            ", ", MediaTypes.MANIFEST, MediaTypes.INDEX, MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_INDEX);

    private final URI base;
    private final String repository;
    private final String query;
    private final BearerTokens tokens;
    private final LongAdder fetched;

    private RegistryTransport(Fetcher fetcher, URI base, String repository, String query, LongAdder fetched) {
        this.base = base;
        this.repository = repository;
        this.query = query;
        this.tokens = new BearerTokens(fetcher, base);
        this.fetched = fetched;
    }

    /**
     * The registry that the reference names: over TLS, or plain HTTP when it is this machine.
     *
     * @param fetched counts the bytes of all bodies read
     */
    public static RegistryTransport origin(Fetcher fetcher, ImageReference reference, LongAdder fetched) {
        URI base = URI.create((reference.loopback() ? "http://" : "https://") + reference.apiHost());
        return new RegistryTransport(fetcher, base, reference.repository(), "", fetched);
    }

    /**
     * A registry that mirrors the reference's host; it is told which host by the {@code ns} parameter.
     *
     * @param base the mirror's address, below which {@code /v2/} begins
     */
    public static RegistryTransport mirror(Fetcher fetcher, URI base, ImageReference reference, LongAdder fetched) {
        return new RegistryTransport(fetcher, base, reference.repository(), "?ns=" + reference.host(), fetched);
    }

    @Override
    public String description() {
        return base.toString();
    }

    @Override
    public ManifestDocument manifest(String target, Cancellation cancellation) {
        FetchRequest request = FetchRequest.get(address("manifests", target)).withHeader("Accept", ACCEPT);
        try (FetchResponse response = tokens.send(request, cancellation)) {
            if (response.status() != 200) {
                throw response.failure();
            }
            byte[] bytes = response.readAll(ManifestDocument.MAX_SIZE);
            fetched.add(bytes.length);
            if (target.contains(":")) {
                requireDigest(target, bytes);
            }
            response.header("Docker-Content-Digest").ifPresent(digest -> requireDigest(digest, bytes));
            return ManifestDocument.parse(bytes, response.header("Content-Type").orElse(""));
        }
    }

    @Override
    public Optional<Digest> resolve(String target, Cancellation cancellation) {
        FetchRequest request = FetchRequest.head(address("manifests", target)).withHeader("Accept", ACCEPT);
        try (FetchResponse response = tokens.send(request, cancellation)) {
            return response.status() == 200
                    ? response.header("Docker-Content-Digest").map(Digest::parse)
                    : Optional.empty();
        }
    }

    private void requireDigest(String expected, byte[] bytes) {
        Digest digest = Digest.parse(expected);
        if (!Digest.of(digest.algorithm(), digest.hasher().digest(bytes)).equals(digest)) {
            throw OciException.corrupt(
                    "oci.digest-mismatch",
                    "Reading a manifest of " + repository + " from " + base + " failed: its bytes do not match "
                            + digest + ".");
        }
    }

    @Override
    public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
        FetchRequest request =
                FetchRequest.get(address("blobs", descriptor.digest().toString()));
        FetchResponse response = tokens.send(request.from(offset), cancellation);
        if (response.status() == 416 && offset > 0) {
            response.close();
            response = tokens.send(request, cancellation);
        }
        try {
            if (response.status() != 200 && response.status() != 206) {
                throw response.failure();
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
                        address("blobs", descriptor.digest().toString()))
                .range(offset, length);
        FetchResponse response = tokens.send(request, cancellation);
        try {
            if (response.status() != 200 && response.status() != 206) {
                throw response.failure();
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
                    "Reading " + descriptor.digest() + " from " + base + " failed: it ends at byte "
                            + (begin + length.getAsLong()) + ", not at " + descriptor.size() + " as announced.");
        }
    }

    private URI address(String kind, String target) {
        String text = Optional.of(base.toString())
                .filter(value -> value.endsWith("/"))
                .map(value -> value.substring(0, value.length() - 1))
                .orElse(base.toString());
        return URI.create(text + "/v2/" + repository + "/" + kind + "/" + target + query);
    }
}
