package dev.slipway.registry;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.content.ContentStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A repository as the registry shows it, and where it lies in the content store: a reference for each tag, and one with
 * the digest for each manifest that was pushed.
 *
 * <p>With {@code ns=HOST}, as clients of mirrors send it, {@code NAME} is {@code HOST/NAME}. Without, {@code NAME} is
 * {@code localhost/NAME} and, where the store has such references, {@code NAME} itself, whose first part then is the host.
 * What is pushed always goes to the first of them.
 */
final class Repository {
    private static final String LOCAL = "localhost/";

    private final Site site;
    private final ContentStore store;
    private final String name;
    private final Optional<ImageReference> upstream;
    private final List<String> prefixes = new ArrayList<>();

    Repository(Site site, String name, Optional<String> namespace) {
        this.site = site;
        this.store = site.store();
        this.name = name;
        this.upstream = Optional.empty();
        if (namespace.isPresent()) {
            prefixes.add(namespace.get() + "/" + name);
        } else {
            prefixes.add(LOCAL + name);
            if (name.contains("/")) {
                prefixes.add(name);
            }
        }
    }

    /** A repository of a registry that this one mirrors. */
    Repository(Site site, String name, ImageReference upstream) {
        this.site = site;
        this.store = site.store();
        this.name = name;
        this.upstream = Optional.of(upstream);
        prefixes.add(upstream.host() + "/" + upstream.repository());
    }

    /** Whether the text may name a repository; its first part may be a host with a port. */
    static boolean isName(String text) {
        int slash = text.indexOf('/');
        String withoutHost = slash > 0 && text.substring(0, slash).contains(":") ? text.substring(slash + 1) : text;
        return ImageReference.isRepository(withoutHost);
    }

    String name() {
        return name;
    }

    /** Where what is missing here may be found; empty for a repository of our own. */
    Optional<ImageReference> upstream() {
        return upstream;
    }

    /** Like {@link #has}, and keeps the blob from collection for a while: somebody relies on the answer. */
    boolean hold(Digest digest) {
        return has(digest) && store.hold(digest, site.limits().hold());
    }

    /** Whether the store has a blob, and the repository shows it. */
    boolean has(Digest digest) {
        return store.has(digest)
                && !site.hidden().contains(prefixes.getFirst(), digest)
                && (!site.options().access().isolates() || owns(digest));
    }

    /** Whether a blob came through this repository, or something in it leads there. */
    private boolean owns(Digest digest) {
        if (site.owned().contains(prefixes.getFirst(), digest)) {
            return true;
        }
        return descriptors().stream().anyMatch(descriptor -> descriptor.digest().equals(digest))
                || described(digest).isPresent();
    }

    /** Deletes a blob as far as this repository is concerned: others may need it, and collection removes what nobody needs. */
    void hide(Digest digest) {
        site.hidden().add(prefixes.getFirst(), digest);
    }

    /** Says that a blob belongs here (again). */
    void show(Digest digest) {
        site.hidden().remove(prefixes.getFirst(), digest);
        if (site.options().access().isolates()) {
            site.owned().add(prefixes.getFirst(), digest);
        }
    }

    /** What a tag names. */
    Optional<Descriptor> resolve(String tag) {
        if (upstream.isPresent()) {
            return site.mirror().flatMap(mirror -> mirror.tag(upstream.get(), tag));
        }
        return find(":" + tag);
    }

    /** What was pushed, or pulled, under a digest. */
    Optional<Descriptor> revision(Digest digest) {
        return find("@" + digest);
    }

    private Optional<Descriptor> find(String suffix) {
        for (String prefix : prefixes) {
            Optional<Descriptor> found = store.resolve(prefix + suffix);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    void tag(String tag, Descriptor descriptor) {
        store.tag(prefixes.getFirst() + ":" + tag, descriptor);
    }

    /** Keeps a manifest, whatever becomes of its tags. */
    void record(Descriptor descriptor) {
        String key = prefixes.getFirst() + "@" + descriptor.digest();
        if (store.resolve(key).filter(descriptor::equals).isEmpty()) {
            store.tag(key, descriptor);
        }
    }

    /** Removes a tag and nothing else; says whether there was one. */
    boolean untag(String tag) {
        boolean removed = false;
        for (String prefix : prefixes) {
            removed |= store.untag(prefix + ":" + tag);
        }
        return removed;
    }

    /** Removes a manifest with all its tags. */
    void remove(Digest digest) {
        // First the mark: a reader who comes in between finds tags that lead to nothing, and no manifest without tags.
        hide(digest);
        references().forEach((reference, descriptor) -> {
            if (descriptor.digest().equals(digest)) {
                // Unless someone has moved it meanwhile.
                store.untag(reference, descriptor);
            }
        });
    }

    /** All tags in lexical order; empty when there is no such repository. */
    Optional<List<String>> tags() {
        List<String> references = prefixes.stream()
                .flatMap(prefix -> store.names(prefix).stream())
                .toList();
        return references.isEmpty()
                ? Optional.empty()
                : Optional.of(references.stream()
                        .flatMap(reference -> tagOf(reference).stream())
                        .distinct()
                        .sorted()
                        .toList());
    }

    /** Makes sure that a manifest is here, when it can be had from elsewhere. */
    void fetch(Digest manifest) {
        upstream.ifPresent(place -> site.mirror().ifPresent(mirror -> mirror.manifest(place, manifest)));
    }

    /** How some manifest of the repository describes a blob. */
    Optional<Descriptor> described(Digest digest) {
        Set<Digest> seen = new HashSet<>();
        Deque<Digest> left = new ArrayDeque<>();
        descriptors().forEach(descriptor -> left.add(descriptor.digest()));
        while (!left.isEmpty()) {
            Digest next = left.remove();
            if (!seen.add(next)) {
                continue;
            }
            List<Descriptor> children =
                    site.manifests().find(next).map(StoredManifest::children).orElse(List.of());
            for (Descriptor child : children) {
                if (child.digest().equals(digest)) {
                    return Optional.of(child);
                }
                left.add(child.digest());
            }
        }
        return Optional.empty();
    }

    /** What the repository's references name, each once. */
    List<Descriptor> descriptors() {
        Map<Digest, Descriptor> found = new LinkedHashMap<>();
        references().values().forEach(descriptor -> found.putIfAbsent(descriptor.digest(), descriptor));
        return List.copyOf(found.values());
    }

    private Map<String, Descriptor> references() {
        Map<String, Descriptor> found = new TreeMap<>();
        for (String prefix : prefixes) {
            store.references(prefix).forEach(reference -> found.put(reference.name(), reference.descriptor()));
        }
        return found;
    }

    private Optional<String> tagOf(String reference) {
        return prefixes.stream()
                .filter(prefix -> reference.startsWith(prefix + ":"))
                .map(prefix -> reference.substring(prefix.length() + 1))
                .filter(ImageReference::isTag)
                .findFirst();
    }
}
