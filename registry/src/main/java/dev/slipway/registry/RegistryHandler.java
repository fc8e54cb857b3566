package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.http.ErrorMapper;
import dev.slipway.http.Exchange;
import dev.slipway.http.Handler;
import dev.slipway.http.HttpException;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.registry.access.Access;
import dev.slipway.registry.access.Action;
import dev.slipway.registry.mirror.PullThrough;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
public final class RegistryHandler implements Handler, AutoCloseable {
    private static final Logger LOG = System.getLogger(RegistryHandler.class.getName());
    /** One line for each request. */
    private static final Logger ACCESS = System.getLogger(RegistryHandler.class.getName() + ".access");

    private static final int TIMEOUT = 408;
    private static final long MOST_DISCARDED = 8L << 20;
    private static final String JSON = "application/json";

    private final Site site;
    private final Access access;
    private final ManifestEndpoint manifests;
    private final BlobEndpoint blobs;
    private final UploadEndpoint uploads;
    private final ReferrersEndpoint referrers;

    public RegistryHandler(ContentStore store) {
        this(store, RegistryOptions.defaults());
    }

    /** A registry with options of its own. */
    public RegistryHandler(ContentStore store, RegistryOptions options) {
        this.site = Site.of(store, options);
        this.access = options.access();
        this.manifests = new ManifestEndpoint(site);
        this.blobs = new BlobEndpoint(site);
        this.uploads = new UploadEndpoint(site);
        this.referrers = new ReferrersEndpoint(site);
    }

    /** What has been served so far. */
    public RegistryCounters counters() {
        Traffic traffic = site.traffic();
        return new RegistryCounters(traffic.requests.sum(), traffic.manifestBytes.sum(), traffic.blobBytes.sum());
    }

    /** All counters in the text form that Prometheus collects. */
    public String metrics() {
        return site.traffic().exposition();
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        long begin = System.nanoTime();
        site.traffic().requests.increment();
        exchange.respondHeader("Docker-Distribution-Api-Version", "registry/2.0");
        String outcome = "ok";
        try {
            answer(exchange);
        } catch (RegistryException e) {
            outcome = sendError(exchange, e);
        } catch (CodedException e) {
            LOG.log(Level.DEBUG, "request " + exchange.requestId(), e);
            outcome = sendError(exchange, translate(e));
        } catch (IOException e) {
            outcome = "aborted";
            throw e;
        } finally {
            log(exchange, outcome, begin);
        }
    }

    /** Neither headers nor queries are logged: they may hold secrets. */
    private static void log(Exchange exchange, String outcome, long begin) {
        if (ACCESS.isLoggable(Level.DEBUG)) {
            ACCESS.log(
                    Level.DEBUG,
                    "{0} {1} {2} {3} {4} bytes {5} us {6}",
                    exchange.remote().getHostString(),
                    exchange.method(),
                    exchange.path(),
                    outcome,
                    Long.toString(exchange.sent()),
                    Long.toString((System.nanoTime() - begin) / 1000),
                    exchange.requestId());
        }
    }

    /** Gives up what is being fetched from other registries. */
    @Override
    public void close() {
        site.mirror().ifPresent(PullThrough::close);
    }

    private void answer(Exchange exchange) throws IOException {
        if (access.answerToken(exchange)) {
            return;
        }
        RegistryRequest request = RegistryRequest.parse(exchange.path());
        authorise(exchange, request);
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

    private void authorise(Exchange exchange, RegistryRequest request) {
        Optional<String> repository = request.repositoryName();
        if (repository.isEmpty()) {
            access.requireKnown(exchange);
            return;
        }
        Set<Action> actions = switch (exchange.method()) {
            case "GET", "HEAD" -> request instanceof RegistryRequest.Upload ? Set.of(Action.PUSH) : Set.of(Action.PULL);
            case "DELETE" -> request instanceof RegistryRequest.Upload ? Set.of(Action.PUSH) : Set.of(Action.DELETE);
            default -> Set.of(Action.PULL, Action.PUSH);
        };
        access.require(exchange, actions, repository.get());
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
        Repository repository = repository(exchange, name);
        if (repository.upstream().isPresent()) {
            throw RegistryException.unsupported("A repository of another registry is mirrored here; push to that one.");
        }
        return repository;
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

    /** A client that is still sending when its connection is closed never sees the answer: so take a little more. */
    private static void discardRest(Exchange exchange) {
        if (exchange.contentLength().orElse(1) == 0 || Set.of("GET", "HEAD").contains(exchange.method())) {
            return;
        }
        byte[] buffer = new byte[1 << 13];
        try (InputStream in = exchange.unlimitedBody()) {
            for (long left = MOST_DISCARDED; left > 0; ) {
                int read = in.read(buffer);
                if (read < 0) {
                    return;
                }
                left -= read;
            }
        } catch (IOException _) {
            // The answer may still arrive.
        }
    }

    private String sendError(Exchange exchange, RegistryException failure) throws IOException {
        site.traffic().failed(failure.status());
        if (failure.status() != TIMEOUT) {
            discardRest(exchange);
        }
        failure.headers().forEach(exchange::respondHeader);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.distributionCode());
        error.put("message", failure.getMessage());
        exchange.send(failure.status(), JSON, JsonObject.write(Map.of("errors", List.of(error))));
        return failure.status() + " " + failure.distributionCode();
    }
}
