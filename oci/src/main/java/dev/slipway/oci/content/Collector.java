package dev.slipway.oci.content;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.content.CollectReport.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One collection: marks what is needed, takes the rest aside, looks again, and removes what is still not needed.
 *
 * <p>Why nothing needed is lost, though others go on working and no lock is held. Whoever relies on a blob first protects
 * it, by a lease or by holding it, and then looks whether it is here. Either that look comes before the blob is taken
 * aside: then the second marking, which reads leases and times after all is aside, sees the protection. Or it comes
 * after: then the look itself brings the blob back, and removing it from aside fails. Removing a document decides over
 * what it names: documents go before what they name, and what a rescued one names is put back.
 */
final class Collector {
    private static final String STEP = "collect";

    private final Collectable store;
    private final CollectOptions options;
    private final ProgressListener progress;
    private final Cancellation cancellation;
    private final ContentGraph graph;
    private final Instant young;
    /** Blobs this collection has taken aside and not yet decided on. */
    private final Set<Digest> aside = new LinkedHashSet<>();

    Collector(Collectable store, CollectOptions options, ProgressListener progress, Cancellation cancellation) {
        this.store = store;
        this.options = options;
        this.progress = progress;
        this.cancellation = cancellation;
        this.graph = new ContentGraph(store);
        this.young = Instant.now().minus(options.minAge());
    }

    CollectReport run() {
        if (!options.dryRun()) {
            store.bringBackAll();
        }
        Map<Digest, BlobFolder.Entry> blobs = new HashMap<>();
        store.entries().forEach(entry -> blobs.put(entry.digest(), entry));
        Marks marks = mark(blobs);
        List<Digest> garbage = garbage(blobs.keySet(), marks.all());
        Map<Digest, BlobFolder.Entry> removed = new LinkedHashMap<>();
        List<String> untagged = new ArrayList<>();
        if (options.dryRun()) {
            garbage.forEach(digest -> removed.put(digest, blobs.get(digest)));
            marks.weak().stream()
                    .filter(reference ->
                            removed.containsKey(reference.descriptor().digest()))
                    .forEach(reference -> untagged.add(reference.name()));
        } else {
            try {
                garbage.forEach(this::setAside);
                remove(blobs, removed);
            } finally {
                aside.forEach(store::bringBack);
            }
            untag(removed.keySet(), marks.weak(), untagged);
        }
        Tally abandoned = store.sweep(Instant.now().minus(options.abandonedAfter()), options.dryRun());
        return report(blobs.values(), marks, removed, abandoned, untagged);
    }

    /**
     * What is needed, by why.
     *
     * @param weak the references that did not count
     */
    private record Marks(Set<Digest> referenced, Set<Digest> leased, Set<Digest> all, List<Reference> weak) {}

    /** Leases before references: what is tagged and released in between is then seen at least once. */
    private Marks mark(Map<Digest, BlobFolder.Entry> blobs) {
        Set<Digest> leases = store.leased();
        List<Reference> weak = new ArrayList<>();
        Set<Digest> referenced = new HashSet<>();
        List<Digest> strong = new ArrayList<>();
        for (Reference reference : store.references()) {
            if (options.weak().test(reference) && reference.changed().isBefore(young)) {
                weak.add(reference);
            } else {
                strong.add(reference.descriptor().digest());
            }
        }
        store.roots().forEach(root -> strong.add(root.descriptor().digest()));
        graph.mark(strong, referenced);
        Set<Digest> leased = new HashSet<>(referenced);
        graph.mark(leases, leased);
        Set<Digest> all = new HashSet<>(leased);
        graph.mark(
                blobs.values().stream()
                        .filter(entry -> !entry.held().isBefore(young))
                        .map(BlobFolder.Entry::digest)
                        .toList(),
                all);
        markReferrers(blobs.keySet(), all);
        return new Marks(referenced, leased, all, weak);
    }

    /** A document about something that is kept is kept, and so is what is about that document. */
    private void markReferrers(Set<Digest> blobs, Set<Digest> marked) {
        int before;
        do {
            before = marked.size();
            for (Digest digest : blobs) {
                cancellation.throwIfCancelled();
                if (!marked.contains(digest)
                        && graph.subject(digest).filter(marked::contains).isPresent()) {
                    graph.mark(List.of(digest), marked);
                }
            }
        } while (marked.size() > before);
    }

    /** What is not marked; documents before what they name. */
    private List<Digest> garbage(Set<Digest> blobs, Set<Digest> marked) {
        Map<Digest, Integer> depths = new HashMap<>();
        blobs.stream()
                .filter(digest -> !marked.contains(digest))
                .forEach(digest -> depths.put(digest, graph.depth(digest)));
        return depths.entrySet().stream()
                .sorted(Map.Entry.<Digest, Integer>comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void setAside(Digest digest) {
        cancellation.throwIfCancelled();
        if (store.setAside(digest)) {
            aside.add(digest);
        }
    }

    private void remove(Map<Digest, BlobFolder.Entry> blobs, Map<Digest, BlobFolder.Entry> removed) {
        Map<Digest, BlobFolder.Entry> now = new HashMap<>();
        for (BlobFolder.Entry entry : store.entries()) {
            now.put(entry.digest(), entry);
        }
        Set<Digest> kept = mark(now).all();
        int total = aside.size();
        int done = 0;
        for (Digest digest : List.copyOf(aside)) {
            cancellation.throwIfCancelled();
            if (!kept.contains(digest)) {
                if (store.purge(digest)) {
                    removed.put(digest, blobs.get(digest));
                } else {
                    // Somebody has asked for it since, and may rely on what it names.
                    graph.mark(List.of(digest), kept);
                }
                aside.remove(digest);
            }
            progress.step(STEP, ++done, total);
        }
    }

    private void untag(Set<Digest> removed, List<Reference> weak, List<String> untagged) {
        for (Reference reference : weak) {
            Digest digest = reference.descriptor().digest();
            boolean gone = removed.contains(digest) || store.document(digest).isEmpty();
            if (gone && store.untag(reference)) {
                untagged.add(reference.name());
            }
        }
    }

    private CollectReport report(
            Iterable<BlobFolder.Entry> blobs,
            Marks marks,
            Map<Digest, BlobFolder.Entry> removed,
            Tally abandoned,
            List<String> untagged) {
        Tally gone = Tally.NONE;
        Tally referenced = Tally.NONE;
        Tally leased = Tally.NONE;
        Tally young = Tally.NONE;
        for (BlobFolder.Entry entry : blobs) {
            if (removed.containsKey(entry.digest())) {
                gone = gone.plus(entry.size());
            } else if (marks.referenced().contains(entry.digest())) {
                referenced = referenced.plus(entry.size());
            } else if (marks.leased().contains(entry.digest())) {
                leased = leased.plus(entry.size());
            } else {
                young = young.plus(entry.size());
            }
        }
        return new CollectReport(options.dryRun(), gone, referenced, leased, young, abandoned, untagged);
    }
}
