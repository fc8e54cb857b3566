package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchBody;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * A repository in a registry, written over HTTP. {@link Registries} makes it.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push">OCI distribution-spec,
 *     push</a>
 */
public final class RegistryDestination implements Destination {
    /** A try that gained this much does not count as failed. */
    private static final long GAIN = 1 << 20;

    private final RegistryEndpoint endpoint;
    private final ImageReference reference;
    private final Retry retry;

    RegistryDestination(RegistryEndpoint endpoint, ImageReference reference, Retry retry) {
        this.endpoint = endpoint;
        this.reference = reference;
        this.retry = retry;
    }

    @Override
    public String description() {
        return reference.toString();
    }

    @Override
    public Demands demands() {
        return new Demands(false, false, false, true);
    }

    @Override
    public boolean has(Descriptor content, Cancellation cancellation) {
        boolean document = MediaTypes.isManifest(content.mediaType()) || MediaTypes.isIndex(content.mediaType());
        String kind = document ? "manifests" : "blobs";
        return Fetcher.retry(retry, cancellation, () -> {
            FetchRequest request =
                    FetchRequest.head(endpoint.address(kind, content.digest().toString(), cancellation));
            if (document) {
                request = request.withHeader("Accept", content.mediaType());
            }
            try (FetchResponse response = endpoint.write(request, cancellation)) {
                return switch (response.status()) {
                    case 200 -> true;
                    case 404 -> false;
                    default -> throw endpoint.failure(response);
                };
            }
        });
    }

    @Override
    public boolean mount(Descriptor blob, String fromRepository, Cancellation cancellation) {
        if (fromRepository.equals(reference.repository())) {
            return false;
        }
        String parameters = "?mount=" + encoded(blob.digest().toString()) + "&from=" + encoded(fromRepository);
        return Fetcher.retry(retry, cancellation, () -> {
            FetchRequest request = FetchRequest.post(endpoint.uploads(parameters, cancellation), FetchBody.NONE);
            try (FetchResponse response = endpoint.write(request, fromRepository, cancellation)) {
                if (response.status() == 202) {
                    // It began an upload instead; the blob itself is put in one of its own.
                    response.header("Location")
                            .ifPresent(location -> forget(response.uri().resolve(location), cancellation));
                }
                return response.status() == 201;
            }
        });
    }

    private void forget(URI upload, Cancellation cancellation) {
        try {
            endpoint.write(FetchRequest.delete(upload), cancellation).close();
        } catch (CodedException _) {
            cancellation.throwIfCancelled();
        }
    }

    @Override
    public void putBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        RegistryUpload upload = new RegistryUpload(endpoint, blob, source, arrived, cancellation);
        try {
            Fetcher.retry(retry, cancellation, () -> {
                while (true) {
                    long before = upload.offset();
                    try {
                        upload.send();
                        return blob;
                    } catch (CodedException e) {
                        if (!e.retryable() || upload.offset() - before < GAIN) {
                            throw e;
                        }
                    }
                }
            });
        } catch (CodedException e) {
            upload.abandon();
            throw e;
        }
    }

    @Override
    public void putManifest(ManifestDocument manifest, Cancellation cancellation) {
        put(manifest, manifest.digest().toString(), cancellation);
    }

    @Override
    public void publish(ManifestDocument root, Cancellation cancellation) {
        reference.digest().filter(digest -> !digest.equals(root.digest())).ifPresent(digest -> {
            throw OciException.invalid(
                    "oci.digest-mismatch",
                    "Pushing to " + reference + " was refused: the image has the digest " + root.digest() + ".");
        });
        put(root, reference.tag().orElse(root.digest().toString()), cancellation);
    }

    private void put(ManifestDocument manifest, String target, Cancellation cancellation) {
        Fetcher.retry(retry, cancellation, () -> {
            FetchRequest request = FetchRequest.put(
                            endpoint.address("manifests", target, cancellation), FetchBody.of(manifest.bytes()))
                    .withHeader("Content-Type", manifest.mediaType());
            try (FetchResponse response = endpoint.write(request, cancellation)) {
                if (response.status() / 100 != 2) {
                    throw endpoint.failure(response);
                }
                response.header("Docker-Content-Digest").map(Digest::parse).ifPresent(digest -> {
                    if (digest.algorithm().equals(manifest.digest().algorithm()) && !digest.equals(manifest.digest())) {
                        throw OciException.corrupt(
                                "oci.digest-mismatch",
                                "Pushing to " + reference + " failed: the registry keeps " + digest + " instead of "
                                        + manifest.digest() + ".");
                    }
                });
                return manifest;
            }
        });
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        // Blobs that no manifest came to name are the registry's to collect.
    }
}
