package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.content.ContentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A repository as the registry shows it, and where it lies in the content store.
 *
 * <p>With {@code ns=HOST}, as clients of mirrors send it, {@code NAME} is {@code HOST/NAME}. Without, {@code NAME} is
 * {@code localhost/NAME} or, when the store has no such reference, {@code NAME} itself, whose first part then is the host.
 */
final class Repository {
    private static final String LOCAL = "localhost/";

    private final ContentStore store;
    private final String name;
    private final List<String> prefixes = new ArrayList<>();

    Repository(ContentStore store, String name, Optional<String> namespace) {
        this.store = store;
        this.name = name;
        if (namespace.isPresent()) {
            prefixes.add(namespace.get() + "/" + name);
        } else {
            prefixes.add(LOCAL + name);
            if (name.contains("/")) {
                prefixes.add(name);
            }
        }
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

    Optional<Descriptor> resolve(String tag) {
        return prefixes.stream()
                .flatMap(prefix -> store.resolve(prefix + ":" + tag).stream())
                .findFirst();
    }

    /** All tags in lexical order; empty when there is no such repository. */
    Optional<TreeSet<String>> tags() {
        for (String prefix : prefixes) {
            List<ImageReference> references = references(prefix);
            if (!references.isEmpty()) {
                TreeSet<String> tags = new TreeSet<>();
                references.stream()
                        .filter(reference -> reference.digest().isEmpty())
                        .forEach(reference -> reference.tag().ifPresent(tags::add));
                return Optional.of(tags);
            }
        }
        return Optional.empty();
    }

    /** What the repository's references name. */
    List<Descriptor> descriptors() {
        return prefixes.stream()
                .flatMap(prefix -> references(prefix).stream())
                .flatMap(reference -> store.resolve(reference.toString()).stream())
                .distinct()
                .toList();
    }

    private List<ImageReference> references(String prefix) {
        List<ImageReference> found = new ArrayList<>();
        for (String text : store.names()) {
            if (text.startsWith(prefix)) {
                parse(text)
                        .filter(reference -> prefix.equals(reference.host() + "/" + reference.repository()))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<ImageReference> parse(String text) {
        try {
            return Optional.of(ImageReference.parse(text));
        } catch (CodedException _) {
            // Layouts of other tools may name things as they like.
            return Optional.empty();
        }
    }
}
