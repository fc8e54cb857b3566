package dev.slipway.oci.content;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A process that works on a store at random, beside others that do the same, and checks all it sees.
 *
 * <p>It keeps a model of the names that are its own and says on standard output what it is about to do with one and what
 * it has done; the other names belong to everybody. Arguments: folder, id, seed, number of steps or 0 for no end.
 */
final class StressWorker {
    private static final int LAYERS = 50;
    private static final int NAMES = 3;
    private static final Duration TTL = Duration.ofSeconds(2);
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final CollectOptions NOW = CollectOptions.defaults().withMinAge(Duration.ZERO);

    private final DiskContentStore store;
    private final String own;
    private final Random random;
    private final Map<String, Descriptor> model = new HashMap<>();

    private StressWorker(Path folder, String id, long seed) {
        this.store = DiskContentStore.open(folder);
        this.own = "localhost/own-" + id;
        this.random = new Random(seed);
        // What an earlier process of this id has left is what the parent expects to be there.
        store.references(own).forEach(reference -> model.put(reference.name(), reference.descriptor()));
    }

    public static void main(String[] args) {
        StressWorker worker = new StressWorker(Path.of(args[0]), args[1], Long.parseLong(args[2]));
        int steps = Integer.parseInt(args[3]);
        for (int i = 0; steps == 0 || i < steps; i++) {
            worker.step();
        }
        System.out.println("end");
    }

    private void step() {
        switch (random.nextInt(15)) {
            case 0, 1, 2 -> pull(ownName());
            case 3, 4 -> push(ownName());
            case 5 -> push(sharedName());
            case 6 -> untag(ownName());
            case 7 -> store.untag(sharedName());
            case 8, 9 -> read(sharedName());
            case 10 -> copy();
            default -> store.collect(NOW.withoutUntagged(), ProgressListener.NONE, Cancellation.never());
        }
        String name = ownName();
        Optional<Descriptor> seen = store.resolve(name);
        require(seen.equals(Optional.ofNullable(model.get(name))), name + " names " + seen);
        seen.ifPresent(descriptor -> requireComplete(store, name, descriptor));
    }

    private String ownName() {
        return own + ":" + random.nextInt(NAMES);
    }

    private static String sharedNameOf(int number) {
        return "localhost/shared:" + number;
    }

    private String sharedName() {
        return sharedNameOf(random.nextInt(NAMES));
    }

    /** As a client does: a lease, what is missing, the name last. */
    private void pull(String name) {
        ImageManifest manifest = manifest();
        try (Lease lease = store.lease(TTL, "pulls " + name)) {
            lease.protect(manifest.digest());
            for (Descriptor blob : blobs(manifest)) {
                if (!lease.protect(blob.digest())) {
                    bring(blob);
                }
            }
            store.put(manifest.digest(), manifest.bytes());
            tag(name, manifest.descriptor());
            lease.require();
        }
    }

    /** As a registry does for its clients: each blob held when it is asked for or taken in, then the manifest. */
    private void push(String name) {
        ImageManifest manifest = manifest();
        for (Descriptor blob : blobs(manifest)) {
            if (!store.hold(blob.digest(), HOLD)) {
                bring(blob);
            }
        }
        if (!store.hold(manifest.digest(), HOLD)) {
            try (Ingest ingest = store.ingest(manifest.digest(), manifest.bytes().length, Cancellation.never())) {
                ingest.restart();
                ingest.write(manifest.bytes(), 0, manifest.bytes().length);
                ingest.commit(HOLD);
            }
        }
        // Time may have passed on a busy machine: as a registry does, look once more before the name.
        for (Descriptor blob : blobs(manifest)) {
            if (!store.hold(blob.digest(), HOLD)) {
                return;
            }
        }
        tag(name, manifest.descriptor());
    }

    private void bring(Descriptor blob) {
        byte[] bytes = layer(Integer.parseInt(blob.annotations().getOrDefault("number", "0")));
        try (Ingest ingest = store.ingest(blob.digest(), bytes.length, Cancellation.never())) {
            int from = (int) ingest.offset();
            int half = from + (bytes.length - from) / 2;
            ingest.write(bytes, from, half - from);
            if (random.nextInt(10) == 0) {
                ingest.restart();
                half = 0;
            }
            if (ingest.offset() < bytes.length) {
                ingest.write(bytes, half, bytes.length - half);
            }
            ingest.commit(HOLD);
        }
    }

    private void tag(String name, Descriptor descriptor) {
        if (!name.startsWith(own)) {
            store.tag(name, descriptor);
            return;
        }
        System.out.println("begin " + name + " " + descriptor.digest());
        if (model.containsKey(name)) {
            require(store.retag(name, model.get(name), descriptor), name + " was changed by another");
        } else {
            require(store.tagNew(name, descriptor), name + " was made by another");
        }
        model.put(name, descriptor);
        System.out.println("done " + name + " " + descriptor.digest());
    }

    private void untag(String name) {
        System.out.println("begin " + name + " none");
        require(store.untag(name) == model.containsKey(name), name + " was there or not");
        model.remove(name);
        System.out.println("done " + name + " none");
    }

    /** A reader that uses an image: what a name names once it is protected, and still, stays whole. */
    private void read(String name) {
        Optional<Descriptor> seen = store.resolve(name);
        if (seen.isEmpty()) {
            return;
        }
        try (Lease lease = store.lease(TTL, "reads " + name)) {
            lease.protect(seen.get().digest());
            if (store.resolve(name).equals(seen)) {
                requireComplete(store, name, seen.get());
                lease.require();
            }
        }
    }

    /** Gives a shared image an own name. */
    private void copy() {
        Optional<Descriptor> seen = store.resolve(sharedName());
        if (seen.isEmpty()) {
            return;
        }
        try (Lease lease = store.lease(TTL, "copies")) {
            if (lease.protect(seen.get().digest()) && complete(store, seen.get())) {
                tag(ownName(), seen.get());
            }
        }
    }

    private ImageManifest manifest() {
        List<Descriptor> layers = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            layers.add(descriptor(random.nextInt(LAYERS)));
        }
        return ImageManifest.create(descriptor(random.nextInt(LAYERS)), layers, Map.of());
    }

    private static Descriptor descriptor(int number) {
        byte[] bytes = layer(number);
        return Descriptor.of(MediaTypes.LAYER_TAR, bytes).withAnnotations(Map.of("number", "" + number));
    }

    private static byte[] layer(int number) {
        byte[] bytes = new byte[1000 + number * 300];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private static List<Descriptor> blobs(ImageManifest manifest) {
        List<Descriptor> blobs = new ArrayList<>(manifest.layers());
        blobs.add(manifest.config());
        return blobs;
    }

    private static boolean complete(ContentStore store, Descriptor descriptor) {
        if (!store.has(descriptor.digest())) {
            return false;
        }
        byte[] bytes = store.read(descriptor.digest(), ManifestDocument.MAX_SIZE);
        ImageManifest manifest = (ImageManifest) ManifestDocument.parse(bytes, descriptor.mediaType());
        return blobs(manifest).stream().allMatch(blob -> store.has(blob.digest()));
    }

    /** Fails unless everything that an image needs is here with the right bytes. */
    static void requireComplete(ContentStore store, String name, Descriptor descriptor) {
        byte[] bytes = store.read(descriptor.digest(), ManifestDocument.MAX_SIZE);
        ImageManifest manifest = (ImageManifest) ManifestDocument.parse(bytes, descriptor.mediaType());
        for (Descriptor blob : blobs(manifest)) {
            try {
                byte[] content = store.read(blob.digest(), ManifestDocument.MAX_SIZE);
                require(blob.digest().equals(Digest.sha256(content)), name + " has wrong bytes in " + blob);
            } catch (RuntimeException e) {
                throw new AssertionError(name + " lacks " + blob, e);
            }
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
