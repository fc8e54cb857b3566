package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.http.Exchange;
import dev.slipway.oci.OciException;
import dev.slipway.oci.content.Staging;
import dev.slipway.registry.access.Access;
import dev.slipway.registry.access.Action;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Pushing blobs: begin, go on, ask, end, cancel, and mounting what another repository has. */
final class UploadEndpoint {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Site site;
    private final Semaphore places;

    UploadEndpoint(Site site) {
        this.site = site;
        this.places = new Semaphore(site.limits().maxUploads());
    }

    /** POST: mounts, takes a whole blob, or begins an upload. */
    void begin(Exchange exchange, Repository repository, Function<String, Repository> other) throws IOException {
        Optional<Digest> mounted = exchange.query("mount").map(RegistryRequest::digest);
        if (mounted.isPresent() && canMount(exchange, mounted.get(), other)) {
            repository.show(mounted.get());
            created(exchange, repository, mounted.get());
            return;
        }
        Optional<Digest> whole = exchange.query("digest").map(RegistryRequest::digest);
        exchange.query("digest-algorithm").ifPresent(UploadEndpoint::requireAlgorithm);
        refuseTooLarge(exchange, 0);
        String id = UploadId.create(repository.name());
        if (whole.isPresent()) {
            takeWhole(exchange, id, whole.get());
            repository.show(whole.get());
            created(exchange, repository, whole.get());
            return;
        }
        // Answered only once it is closed: the client's next request may be here before we are back.
        site.store().stage(id).close();
        located(exchange, repository, id, 0);
        exchange.send(202);
    }

    private void takeWhole(Exchange exchange, String id, Digest digest) throws IOException {
        try (Staging staging = site.store().stage(id)) {
            // An upload of one request cannot be gone on with: nobody else knows its id.
            boolean done = false;
            try {
                receive(exchange, staging);
                commit(staging, 0, digest);
                done = true;
            } finally {
                if (!done) {
                    staging.discard();
                }
            }
        }
    }

    private boolean canMount(Exchange exchange, Digest digest, Function<String, Repository> other) {
        Access access = site.options().access();
        Optional<String> from = exchange.query("from").filter(name -> !name.isEmpty());
        if (from.isEmpty()) {
            return !access.isolates() && site.store().hold(digest, site.limits().hold());
        }
        return Repository.isName(from.get())
                && access.allows(exchange, Action.PULL, from.get())
                && other.apply(from.get()).hold(digest);
    }

    private static void requireAlgorithm(String name) {
        try {
            Digest.hasher(name);
        } catch (CodedException _) {
            throw RegistryException.badRequest("DIGEST_INVALID", "Digests are sha256 or sha512 here.");
        }
    }

    /** PATCH: a chunk, or as much as comes. */
    void append(Exchange exchange, Repository repository, String id) throws IOException {
        try (Staging staging = open(repository, id)) {
            Optional<ContentRange> range = contentRange(exchange, repository, id, staging);
            refuseTooLarge(exchange, staging.offset());
            long first = staging.offset();
            receive(exchange, staging);
            range.ifPresent(announced -> requireLength(announced, staging, first));
            located(exchange, repository, id, staging.offset());
        }
        exchange.send(202);
    }

    /** PUT: the rest, perhaps nothing or everything, and the digest. */
    void end(Exchange exchange, Repository repository, String id) throws IOException {
        Digest digest = exchange.query("digest")
                .map(RegistryRequest::digest)
                .orElseThrow(
                        () -> RegistryException.badRequest("DIGEST_INVALID", "The parameter 'digest' is missing."));
        try (Staging staging = open(repository, id)) {
            Optional<ContentRange> range = contentRange(exchange, repository, id, staging);
            refuseTooLarge(exchange, staging.offset());
            long first = staging.offset();
            receive(exchange, staging);
            range.ifPresent(announced -> requireLength(announced, staging, first));
            try {
                commit(staging, range.isPresent() ? 0 : first, digest);
            } catch (RegistryException e) {
                staging.discard();
                throw e;
            }
        }
        repository.show(digest);
        created(exchange, repository, digest);
    }

    /** GET: how far it has come. */
    void status(Exchange exchange, Repository repository, String id) throws IOException {
        try (Staging staging = open(repository, id)) {
            located(exchange, repository, id, staging.offset());
        }
        exchange.send(204);
    }

    /** DELETE: forgets it. */
    void cancel(Exchange exchange, Repository repository, String id) throws IOException {
        try (Staging staging = open(repository, id)) {
            staging.discard();
        }
        exchange.send(204);
    }

    /** A client that was cut off may be back before its first request has been given up: so wait a little. */
    private Staging open(Repository repository, String id) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return Optional.of(id)
                        .filter(text -> UploadId.belongs(text, repository.name()))
                        .flatMap(site.store()::staged)
                        .orElseThrow(
                                () -> RegistryException.unknown("BLOB_UPLOAD_UNKNOWN", "There is no such upload."));
            } catch (OciException e) {
                if (!e.code().equals("oci.staging-busy") || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static Optional<ContentRange> contentRange(
            Exchange exchange, Repository repository, String id, Staging staging) {
        Optional<ContentRange> range = exchange.header("Content-Range").map(ContentRange::parse);
        if (range.isPresent() && range.get().first() != staging.offset()) {
            throw RegistryException.outOfRange(
                    "BLOB_UPLOAD_INVALID",
                    "The upload stands at byte " + staging.offset() + "; the chunk begins at "
                            + range.get().first() + ".",
                    Map.of("Location", location(exchange, repository, id), "Range", soFar(staging.offset())));
        }
        return range;
    }

    private static void requireLength(ContentRange announced, Staging staging, long first) {
        if (staging.offset() - first != announced.length()) {
            long received = staging.offset() - first;
            staging.truncate(first);
            throw RegistryException.badRequest(
                    "SIZE_INVALID",
                    "The chunk has " + received + " bytes, not " + announced.length() + " as its range says.");
        }
    }

    private void refuseTooLarge(Exchange exchange, long first) {
        long most = site.limits().maxBlob().bytes();
        if (exchange.contentLength().isPresent() && exchange.contentLength().getAsLong() > most - first) {
            throw RegistryException.tooLarge(
                    "A blob has at most " + site.limits().maxBlob() + " here.");
        }
    }

    private void receive(Exchange exchange, Staging staging) throws IOException {
        if (!places.tryAcquire()) {
            throw RegistryException.tooMany("Too many uploads run at once. Try again in a second.");
        }
        long before = staging.offset();
        try {
            UploadBody.receive(exchange, staging, site.limits().maxBlob());
        } finally {
            places.release();
            site.traffic().received.add(staging.offset() - before);
        }
    }

    /**
     * Makes the blob visible. Some clients send chunks and then, in the last request, everything again from the start: so
     * when the whole does not match, what that request brought may do so alone.
     */
    private static void commit(Staging staging, long lastPart, Digest digest) {
        try {
            staging.commit(digest);
        } catch (CodedException e) {
            if (!e.code().equals("oci.digest-mismatch")) {
                throw e;
            }
            commitLastPart(staging, lastPart, digest);
        }
    }

    private static void commitLastPart(Staging staging, long lastPart, Digest digest) {
        if (lastPart > 0) {
            try {
                staging.commitFrom(lastPart, digest);
                return;
            } catch (CodedException e) {
                if (!e.code().equals("oci.digest-mismatch")) {
                    throw e;
                }
            }
        }
        throw RegistryException.badRequest("DIGEST_INVALID", "The bytes that came do not match " + digest + ".");
    }

    private void created(Exchange exchange, Repository repository, Digest digest) throws IOException {
        site.traffic().blobsPushed.increment();
        exchange.respondHeader("Location", "/v2/" + repository.name() + "/blobs/" + digest + Site.query(exchange));
        exchange.respondHeader("Docker-Content-Digest", digest.toString());
        exchange.send(201);
    }

    private static void located(Exchange exchange, Repository repository, String id, long offset) {
        exchange.respondHeader("Location", location(exchange, repository, id));
        exchange.respondHeader("Range", soFar(offset));
        exchange.respondHeader("Docker-Upload-UUID", id);
    }

    private static String location(Exchange exchange, Repository repository, String id) {
        return "/v2/" + repository.name() + "/blobs/uploads/" + id + Site.query(exchange);
    }

    /** The header has no form for nothing; clients read this one so. */
    private static String soFar(long offset) {
        return "0-" + Math.max(0, offset - 1);
    }
}
