package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.http.ErrorMapper;
import dev.slipway.http.Exchange;
import dev.slipway.http.Handler;
import dev.slipway.http.HttpException;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The OCI distribution API over a content store, to be mounted at {@code /v2/}.
 *
 * <p>References of the host {@code localhost} are shown under their repository, others under {@code host/repository}; for
 * clients that use the registry as a mirror, the query {@code ns=host} says the host instead. A blob or a manifest is given
 * to whoever knows its digest, whatever the repository, unless it was deleted there. Errors are answered here, in the form
 * of the specification.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md">OCI distribution-spec</a>
 */
public final class RegistryHandler implements Handler {
    private static final String JSON = "application/json";

    private final Site site;
    private final ManifestEndpoint manifests;
    private final BlobEndpoint blobs;
    private final UploadEndpoint uploads;
    private final ReferrersEndpoint referrers;
    private final LongAdder requests = new LongAdder();

    public RegistryHandler(ContentStore store) {
        this(store, RegistryLimits.defaults());
    }

    /** A registry with limits of its own. */
    public RegistryHandler(ContentStore store, RegistryLimits limits) {
        this.site = Site.of(store, limits);
        this.manifests = new ManifestEndpoint(site);
        this.blobs = new BlobEndpoint(site);
        this.uploads = new UploadEndpoint(site);
        this.referrers = new ReferrersEndpoint(site);
    }

    /** What has been served so far. */
    public RegistryCounters counters() {
        return new RegistryCounters(
                requests.sum(), site.manifestBytes().sum(), site.blobBytes().sum());
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        requests.increment();
        exchange.respondHeader("Docker-Distribution-Api-Version", "registry/2.0");
        try {
            answer(exchange);
        } catch (RegistryException e) {
            sendError(exchange, e);
        } catch (CodedException e) {
            sendError(exchange, translate(e));
        }
    }

    private void answer(Exchange exchange) throws IOException {
        RegistryRequest request = RegistryRequest.parse(exchange.path());
        Site.namespace(exchange).ifPresent(host -> exchange.respondHeader("OCI-Namespace", host));
        switch (request) {
            case RegistryRequest.Ping _ -> {
                requireMethod(exchange, "GET", "HEAD");
                exchange.send(200, JSON, new byte[] {'{', '}'});
            }
            case RegistryRequest.Manifest manifest ->
                manifest(exchange, repository(exchange, manifest.repository()), manifest.target());
            case RegistryRequest.Blob blob -> blob(exchange, repository(exchange, blob.repository()), blob);
            case RegistryRequest.Tags tags -> {
                requireMethod(exchange, "GET", "HEAD");
                TagEndpoint.list(exchange, repository(exchange, tags.repository()));
            }
            case RegistryRequest.Referrers about -> {
                requireMethod(exchange, "GET", "HEAD");
                referrers.list(exchange, repository(exchange, about.repository()), about.digest());
            }
            case RegistryRequest.Uploads begin -> {
                requireMethod(exchange, "POST");
                uploads.begin(exchange, writable(exchange, begin.repository()), name -> repository(exchange, name));
            }
            case RegistryRequest.Upload upload ->
                upload(exchange, repository(exchange, upload.repository()), upload.id());
        }
    }

    private void manifest(Exchange exchange, Repository repository, String target) throws IOException {
        switch (exchange.method()) {
            case "GET", "HEAD" -> manifests.read(exchange, repository, target);
            case "PUT" -> manifests.push(exchange, writable(exchange, repository.name()), target);
            case "DELETE" -> manifests.delete(exchange, repository, target);
            default -> throw refuse(exchange, "GET", "HEAD", "PUT", "DELETE");
        }
    }

    private void blob(Exchange exchange, Repository repository, RegistryRequest.Blob blob) throws IOException {
        switch (exchange.method()) {
            case "GET", "HEAD" -> blobs.read(exchange, repository, blob.digest());
            case "DELETE" -> blobs.delete(exchange, repository, blob.digest());
            default -> throw refuse(exchange, "GET", "HEAD", "DELETE");
        }
    }

    private void upload(Exchange exchange, Repository repository, String id) throws IOException {
        switch (exchange.method()) {
            case "GET", "HEAD" -> uploads.status(exchange, repository, id);
            case "PATCH" -> uploads.append(exchange, repository, id);
            case "PUT" -> uploads.end(exchange, repository, id);
            case "DELETE" -> uploads.cancel(exchange, repository, id);
            default -> throw refuse(exchange, "GET", "HEAD", "PATCH", "PUT", "DELETE");
        }
    }

    private Repository repository(Exchange exchange, String name) {
        return site.repository(exchange, name);
    }

    /** A repository that may be pushed to: not every name that can be read is one by the specification. */
    private Repository writable(Exchange exchange, String name) {
        if (!ImageReference.isRepository(name)) {
            throw RegistryException.badRequest("NAME_INVALID", "A repository of that name cannot be pushed to.");
        }
        return repository(exchange, name);
    }

    private static void requireMethod(Exchange exchange, String... allowed) {
        if (!List.of(allowed).contains(exchange.method())) {
            throw refuse(exchange, allowed);
        }
    }

    private static RegistryException refuse(Exchange exchange, String... allowed) {
        exchange.respondHeader("Allow", String.join(", ", allowed));
        return RegistryException.unsupported("This path takes " + String.join(", ", allowed) + " only.");
    }

    /** Errors of the modules below, as the specification has them. */
    private static RegistryException translate(CodedException failure) {
        if (failure instanceof HttpException http && http.status() < 500) {
            return RegistryException.badRequest("UNSUPPORTED", http.getMessage());
        }
        return switch (failure.code()) {
            case "oci.read-only" -> RegistryException.unsupported("This registry can be read only.");
            case "oci.staging-busy" -> RegistryException.tooMany(failure.getMessage());
            case "base.invalid-digest" -> RegistryException.badRequest("DIGEST_INVALID", failure.getMessage());
            case "oci.content-missing" -> RegistryException.unknown("BLOB_UNKNOWN", failure.getMessage());
            default -> RegistryException.failed(failure, ErrorMapper.statusOf(failure));
        };
    }

    private static void sendError(Exchange exchange, RegistryException failure) throws IOException {
        failure.headers().forEach(exchange::respondHeader);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.distributionCode());
        error.put("message", failure.getMessage());
        exchange.send(failure.status(), JSON, JsonObject.write(Map.of("errors", List.of(error))));
    }
}
