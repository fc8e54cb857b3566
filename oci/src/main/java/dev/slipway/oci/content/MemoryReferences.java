package dev.slipway.oci.content;

import dev.slipway.oci.Descriptor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** References in memory. */
final class MemoryReferences {
    private final ConcurrentSkipListMap<String, Reference> references = new ConcurrentSkipListMap<>();

    Optional<Descriptor> resolve(String name) {
        return Optional.ofNullable(references.get(name)).map(Reference::descriptor);
    }

    boolean replace(String name, Predicate<Optional<Descriptor>> wished, Descriptor descriptor) {
        AtomicBoolean replaced = new AtomicBoolean();
        references.compute(name, (_, present) -> {
            replaced.set(wished.test(Optional.ofNullable(present).map(Reference::descriptor)));
            return replaced.get() ? new Reference(name, descriptor, Instant.now()) : present;
        });
        return replaced.get();
    }

    boolean remove(String name, Predicate<Reference> wished) {
        AtomicBoolean removed = new AtomicBoolean();
        references.computeIfPresent(name, (_, present) -> {
            removed.set(wished.test(present));
            return removed.get() ? null : present;
        });
        return removed.get();
    }

    List<Reference> all() {
        return List.copyOf(references.values());
    }

    List<Reference> of(String repository) {
        return references.tailMap(repository, true).values().stream()
                .takeWhile(reference -> reference.name().startsWith(repository))
                .filter(reference -> reference.repository().equals(repository))
                .toList();
    }
}
