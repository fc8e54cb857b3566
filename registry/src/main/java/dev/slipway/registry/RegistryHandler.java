package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.http.Exchange;
import dev.slipway.http.Handler;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;

/**
 * The pull side of the OCI distribution API over a content store, to be mounted at {@code /v2/}.
 *
 * <p>References of the host {@code localhost} are shown under their repository, others under {@code host/repository}; for
 * clients that use the registry as a mirror, the query {@code ns=host} says the host instead. A blob or a manifest is given
 * to whoever knows its digest, whatever the repository. Errors are answered here, in the form of the specification.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md">OCI distribution-spec</a>
 */
public final class RegistryHandler implements Handler {
    private static final String JSON = "application/json";
    private static final int BUFFER = 1 << 16;
    private static final int MAX_PAGE = 10_000;

    private final ContentStore store;
    private final Referrers referrers;
    private final LongAdder requests = new LongAdder();
    private final LongAdder manifestBytes = new LongAdder();
    private final LongAdder blobBytes = new LongAdder();

    public RegistryHandler(ContentStore store) {
        this.store = store;
        this.referrers = new Referrers(store);
    }

    /** What has been served so far. */
    public RegistryCounters counters() {
        return new RegistryCounters(requests.sum(), manifestBytes.sum(), blobBytes.sum());
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        requests.increment();
        exchange.respondHeader("Docker-Distribution-Api-Version", "registry/2.0");
        try {
            answer(exchange);
        } catch (RegistryException e) {
            sendError(exchange, e.status(), e.distributionCode(), e.getMessage());
        }
    }

    private void answer(Exchange exchange) throws IOException {
        RegistryRequest request = RegistryRequest.parse(exchange.path());
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (!reads || request instanceof RegistryRequest.Upload) {
            exchange.respondHeader("Allow", "GET, HEAD");
            throw RegistryException.unsupported("This registry can be read only.");
        }
        Optional<String> namespace = exchange.query("ns").filter(host -> !host.isEmpty());
        namespace.ifPresent(host -> exchange.respondHeader("OCI-Namespace", checkedHost(host)));
        switch (request) {
            case RegistryRequest.Ping _ -> exchange.send(200, JSON, new byte[] {'{', '}'});
            case RegistryRequest.Manifest manifest ->
                sendManifest(exchange, new Repository(store, manifest.repository(), namespace), manifest.target());
            case RegistryRequest.Blob blob -> sendBlob(exchange, blob.digest());
            case RegistryRequest.Tags tags ->
                sendTags(exchange, new Repository(store, tags.repository(), namespace), namespace);
            case RegistryRequest.Referrers about ->
                sendReferrers(exchange, new Repository(store, about.repository(), namespace), about.digest());
            case RegistryRequest.Upload _ -> throw new IllegalStateException("refused above");
        }
    }

    private static String checkedHost(String host) {
        if (!host.matches("[A-Za-z0-9.:\\[\\]-]{1,255}")) {
            throw RegistryException.badRequest("NAME_INVALID", "The namespace is malformed.");
        }
        return host;
    }

    private void sendManifest(Exchange exchange, Repository repository, String target) throws IOException {
        Descriptor descriptor = target.contains(":")
                ? describe(Digest.parse(target))
                : repository.resolve(target).orElseThrow(() -> unknownManifest(repository, target));
        if (!store.has(descriptor.digest())) {
            throw unknownManifest(repository, target);
        }
        byte[] bytes = store.read(descriptor.digest(), ManifestDocument.MAX_SIZE);
        exchange.respondHeader("Docker-Content-Digest", descriptor.digest().toString());
        exchange.respondHeader("ETag", "\"" + descriptor.digest() + "\"");
        exchange.send(200, descriptor.mediaType(), bytes);
        if (exchange.method().equals("GET")) {
            manifestBytes.add(bytes.length);
        }
    }

    private static RegistryException unknownManifest(Repository repository, String target) {
        return RegistryException.unknown(
                "MANIFEST_UNKNOWN", "Repository " + repository.name() + " has no manifest " + target + ".");
    }

    /** Describes a blob that is a manifest; others are none to the registry. */
    private Descriptor describe(Digest digest) {
        OptionalLong size = store.size(digest);
        if (size.isPresent() && size.getAsLong() <= ManifestDocument.MAX_SIZE.bytes()) {
            try {
                ManifestDocument document = ManifestDocument.parse(store.read(digest, ManifestDocument.MAX_SIZE), "");
                return Descriptor.of(document.mediaType(), digest, size.getAsLong());
            } catch (CodedException e) {
                if (e.kind() != ErrorKind.CORRUPT && e.kind() != ErrorKind.INVALID) {
                    throw e;
                }
            }
        }
        throw RegistryException.unknown("MANIFEST_UNKNOWN", "There is no manifest " + digest + ".");
    }

    private void sendBlob(Exchange exchange, Digest digest) throws IOException {
        long size = store.size(digest)
                .orElseThrow(() -> RegistryException.unknown("BLOB_UNKNOWN", "There is no blob " + digest + "."));
        exchange.respondHeader("Docker-Content-Digest", digest.toString());
        exchange.respondHeader("Accept-Ranges", "bytes");
        exchange.respondHeader("ETag", "\"" + digest + "\"");
        Optional<ByteRange> range = exchange.header("Range")
                .filter(_ -> exchange.method().equals("GET"))
                .flatMap(header -> ByteRange.parse(header, size));
        if (range.isEmpty()) {
            sendPart(exchange, 200, digest, new ByteRange(0, size));
        } else if (range.get().satisfiable()) {
            ByteRange part = range.get();
            exchange.respondHeader(
                    "Content-Range", "bytes " + part.first() + "-" + (part.first() + part.length() - 1) + "/" + size);
            sendPart(exchange, 206, digest, part);
        } else {
            exchange.respondHeader("Content-Range", "bytes */" + size);
            sendError(exchange, 416, "SIZE_INVALID", "The blob has " + size + " bytes: the range is outside.");
        }
    }

    private void sendPart(Exchange exchange, int status, Digest digest, ByteRange part) throws IOException {
        OptionalLong length = OptionalLong.of(part.length());
        if (exchange.method().equals("HEAD")) {
            exchange.stream(status, "application/octet-stream", length).close();
            return;
        }
        try (InputStream in = store.open(digest)) {
            in.skipNBytes(part.first());
            OutputStream out = exchange.stream(status, "application/octet-stream", length);
            copy(in, out, part.length());
            // Not in a try block: a body that could not be finished must break the connection.
            out.close();
        }
    }

    private void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = length;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new IOException("the blob became shorter while it was sent");
            }
            out.write(buffer, 0, read);
            blobBytes.add(read);
            left -= read;
        }
    }

    private void sendTags(Exchange exchange, Repository repository, Optional<String> namespace) throws IOException {
        TreeSet<String> all = repository
                .tags()
                .orElseThrow(() ->
                        RegistryException.unknown("NAME_UNKNOWN", "There is no repository " + repository.name() + "."));
        int limit = exchange.query("n").map(RegistryHandler::pageSize).orElse(MAX_PAGE);
        List<String> rest = List.copyOf(
                exchange.query("last").map(last -> all.tailSet(last, false)).orElse(all));
        List<String> page = rest.subList(0, Math.min(limit, rest.size()));
        if (page.size() < rest.size() && !page.isEmpty()) {
            String more = namespace.map(host -> "&ns=" + host).orElse("");
            exchange.respondHeader(
                    "Link",
                    "</v2/" + repository.name() + "/tags/list?n=" + limit + "&last=" + page.getLast() + more
                            + ">; rel=\"next\"");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", repository.name());
        body.put("tags", page);
        exchange.send(200, JSON, JsonObject.write(body));
    }

    private static int pageSize(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw RegistryException.badRequest("UNSUPPORTED", "n must be a number, 0 or more.");
        }
        return Math.min(Integer.parseInt(text), MAX_PAGE);
    }

    private void sendReferrers(Exchange exchange, Repository repository, Digest subject) throws IOException {
        Optional<String> artifactType = exchange.query("artifactType").filter(type -> !type.isEmpty());
        artifactType.ifPresent(_ -> exchange.respondHeader("OCI-Filters-Applied", "artifactType"));
        exchange.send(200, MediaTypes.INDEX, referrers.index(repository, subject, artifactType));
    }

    private static void sendError(Exchange exchange, int status, String code, String message) throws IOException {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        exchange.send(status, JSON, JsonObject.write(Map.of("errors", List.of(error))));
    }
}
