package dev.slipway.registry;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.http.Exchange;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.Ingest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reading, pushing and deleting manifests. */
final class ManifestEndpoint {
    private final Site site;

    ManifestEndpoint(Site site) {
        this.site = site;
    }

    void read(Exchange exchange, Repository repository, String target) throws IOException {
        Found found = find(repository, target).orElseThrow(() -> unknown(repository, target));
        exchange.respondHeader(
                "Docker-Content-Digest", found.manifest().digest().toString());
        exchange.respondHeader("ETag", "\"" + found.manifest().digest() + "\"");
        exchange.send(200, found.mediaType(), found.manifest().bytes());
        site.traffic().manifestBytes.add(exchange.sent());
    }

    /** A manifest, and the media type it was pushed with. */
    private record Found(StoredManifest manifest, String mediaType) {}

    private Optional<Found> find(Repository repository, String target) {
        if (!target.contains(":")) {
            return repository.resolve(target).flatMap(descriptor -> load(repository, descriptor));
        }
        Digest digest = Digest.parse(target);
        repository.fetch(digest);
        if (!repository.has(digest)) {
            return Optional.empty();
        }
        return site.manifests().find(digest).map(manifest -> new Found(manifest, pushedAs(repository, manifest)));
    }

    private Optional<Found> load(Repository repository, Descriptor descriptor) {
        return repository.has(descriptor.digest())
                ? site.manifests()
                        .find(descriptor.digest())
                        .map(manifest -> new Found(manifest, descriptor.mediaType()))
                : Optional.empty();
    }

    private static String pushedAs(Repository repository, StoredManifest manifest) {
        return repository.revision(manifest.digest()).map(Descriptor::mediaType).orElse(manifest.mediaType());
    }

    private static RegistryException unknown(Repository repository, String target) {
        return RegistryException.unknown(
                "MANIFEST_UNKNOWN", "Repository " + repository.name() + " has no manifest " + target + ".");
    }

    void push(Exchange exchange, Repository repository, String target) throws IOException {
        List<String> tags = tags(exchange, target);
        byte[] bytes = body(exchange);
        Digest digest = digest(target, bytes);
        ManifestDocument document = parse(bytes, exchange.header("Content-Type").orElse(""));
        requireContent(repository, document);
        Descriptor descriptor = Descriptor.of(document.mediaType(), digest, bytes.length);
        keep(digest, bytes);
        repository.show(digest);
        repository.record(descriptor);
        tags.forEach(tag -> repository.tag(tag, descriptor));
        site.traffic().manifestsPushed.increment();
        exchange.respondHeader("Location", "/v2/" + repository.name() + "/manifests/" + digest + Site.query(exchange));
        exchange.respondHeader("Docker-Content-Digest", digest.toString());
        StoredManifest.of(digest, bytes, document)
                .subject()
                .ifPresent(subject -> exchange.respondHeader("OCI-Subject", subject.toString()));
        if (target.contains(":")) {
            tags.forEach(tag -> exchange.addHeader("OCI-Tag", tag));
        }
        exchange.send(201);
    }

    /** Takes the document in and keeps it from collection until its references are there. */
    private void keep(Digest digest, byte[] bytes) {
        do {
            try (Ingest ingest = site.store().ingest(digest, bytes.length, Cancellation.never())) {
                ingest.restart();
                ingest.write(bytes, 0, bytes.length);
                ingest.commit(site.limits().hold());
            }
            // One that was here already may have been collected since we looked.
        } while (!site.store().hold(digest, site.limits().hold()));
    }

    private List<String> tags(Exchange exchange, String target) {
        if (!target.contains(":")) {
            return List.of(target);
        }
        List<String> tags = exchange.queries("tag").stream().distinct().toList();
        if (tags.size() > site.limits().maxTags()) {
            throw RegistryException.tooLong("At most " + site.limits().maxTags() + " tags are taken in one request.");
        }
        for (String tag : tags) {
            if (!ImageReference.isTag(tag)) {
                throw RegistryException.badRequest("MANIFEST_INVALID", "The parameter 'tag' is no tag.");
            }
        }
        return tags;
    }

    private static byte[] body(Exchange exchange) throws IOException {
        long most = RegistryLimits.MAX_MANIFEST.bytes();
        OptionalLong announced = exchange.contentLength();
        if (announced.isPresent() && announced.getAsLong() > most) {
            throw tooLarge();
        }
        try (InputStream in = exchange.unlimitedBody()) {
            byte[] bytes = in.readNBytes((int) most + 1);
            if (bytes.length > most) {
                throw tooLarge();
            }
            return bytes;
        }
    }

    private static RegistryException tooLarge() {
        return RegistryException.tooLarge("A manifest has at most " + RegistryLimits.MAX_MANIFEST + ".");
    }

    private static Digest digest(String target, byte[] bytes) {
        if (!target.contains(":")) {
            return Digest.sha256(bytes);
        }
        Digest named = Digest.parse(target);
        if (!Digest.of(named.algorithm(), named.hasher().digest(bytes)).equals(named)) {
            throw RegistryException.badRequest("DIGEST_INVALID", "The manifest does not match " + named + ".");
        }
        return named;
    }

    private static ManifestDocument parse(byte[] bytes, String servedAs) {
        try {
            return ManifestDocument.parse(bytes, servedAs);
        } catch (CodedException e) {
            if (e.kind() == ErrorKind.INVALID || e.kind() == ErrorKind.CORRUPT) {
                throw RegistryException.badRequest("MANIFEST_INVALID", e.getMessage());
            }
            throw e;
        }
    }

    /** A manifest may only be seen once all that a client will fetch for it is here; what an index lists may come later. */
    private void requireContent(Repository repository, ManifestDocument document) {
        switch (document) {
            case ImageManifest manifest -> {
                require(repository, manifest.config());
                manifest.layers().stream()
                        .filter(layer -> !isElsewhere(layer.mediaType()))
                        .forEach(layer -> require(repository, layer));
            }
            case ImageIndex index -> {
                if (!site.options().sparseIndexes()) {
                    index.manifests().forEach(manifest -> require(repository, manifest));
                }
            }
        }
    }

    /** Layers that registries need not have, by their media types. */
    private static boolean isElsewhere(String mediaType) {
        return mediaType.contains(".nondistributable.") || mediaType.contains(".foreign.");
    }

    private void require(Repository repository, Descriptor descriptor) {
        OptionalLong size =
                repository.hold(descriptor.digest()) ? site.store().size(descriptor.digest()) : OptionalLong.empty();
        if (size.isEmpty()) {
            throw RegistryException.unknown(
                    "MANIFEST_BLOB_UNKNOWN", "The manifest needs blob " + descriptor.digest() + ", which is not here.");
        }
        if (size.getAsLong() != descriptor.size()) {
            throw RegistryException.badRequest(
                    "SIZE_INVALID",
                    "The manifest says that blob " + descriptor.digest() + " has " + descriptor.size()
                            + " bytes; it has " + size.getAsLong() + ".");
        }
    }

    void delete(Exchange exchange, Repository repository, String target) throws IOException {
        if (target.contains(":")) {
            Digest digest = Digest.parse(target);
            if (find(repository, target).isEmpty()) {
                throw unknown(repository, target);
            }
            repository.remove(digest);
        } else if (!repository.untag(target)) {
            throw unknown(repository, target);
        }
        exchange.send(202);
    }
}
