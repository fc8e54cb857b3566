package dev.slipway.oci.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What others do while a collection runs, at every place where they may do it: the steps of one story are put before
 * single calls of the collection, in
 * many ways at random and, under stress, in all ways that split them once. The places are in the messages.
 */
class CollectorRaceTest {
    private static final Duration HOLD = Duration.ofHours(1);
    private static final CollectOptions NOW =
            CollectOptions.defaults().withMinAge(Duration.ZERO).withoutUntagged();
    private static final int RANDOM_WAYS = 400;
    private static final int RANDOM_WAYS_ON_DISK = 8;

    @TempDir
    Path folder;

    /** What happens beside the collection, of an image that nothing has kept before. */
    enum Story {
        PULL {
            @Override
            List<Runnable> steps(ContentStore store, Descriptor old) {
                Lease[] lease = new Lease[1];
                List<Runnable> steps = new ArrayList<>();
                steps.add(() -> lease[0] = store.lease(HOLD, "a pull"));
                for (String text : List.of("{}", "layer", "other")) {
                    steps.add(() -> {
                        if (!lease[0].protect(Digest.sha256(text))) {
                            SampleImage.blob(store, text);
                        }
                    });
                }
                steps.add(() -> {
                    lease[0].protect(old.digest());
                    putManifest(store, old);
                });
                steps.add(() -> store.tag("localhost/new:1", old));
                steps.add(() -> lease[0].close());
                return steps;
            }
        },
        PUSH {
            @Override
            List<Runnable> steps(ContentStore store, Descriptor old) {
                List<Runnable> steps = new ArrayList<>();
                for (String text : List.of("{}", "layer", "other")) {
                    steps.add(() -> holdOrPut(store, text));
                }
                steps.add(() -> {
                    if (!store.hold(old.digest(), HOLD)) {
                        putManifest(store, old);
                    }
                });
                steps.add(() -> store.tag("localhost/new:1", old));
                return steps;
            }

            private void holdOrPut(ContentStore store, String text) {
                while (!store.hold(Digest.sha256(text), HOLD)) {
                    SampleImage.blob(store, text);
                }
            }
        },
        MOVE {
            @Override
            List<Runnable> steps(ContentStore store, Descriptor old) {
                Descriptor kept = store.resolve("localhost/kept:1").orElseThrow();
                return List.of(
                        () -> store.tag("localhost/a:1", kept),
                        () -> store.untag("localhost/kept:1"),
                        () -> assertThat(store.resolve("localhost/a:1")).contains(kept));
            }
        },
        USE {
            @Override
            List<Runnable> steps(ContentStore store, Descriptor old) {
                Lease[] lease = new Lease[1];
                List<Boolean> here = new ArrayList<>();
                return List.of(
                        () -> lease[0] = store.lease(HOLD, "a server"),
                        () -> here.add(lease[0].protect(old.digest())),
                        () -> {
                            if (here.getFirst()) {
                                requireComplete(store, old);
                            }
                        });
            }
        },
        LOOK {
            @Override
            List<Runnable> steps(ContentStore store, Descriptor old) {
                return List.of(() -> store.has(old.digest()), () -> store.has(Digest.sha256("layer")));
            }
        },
        REPLACE {
            @Override
            List<Runnable> steps(ContentStore store, Descriptor old) {
                Descriptor kept = store.resolve("localhost/kept:1").orElseThrow();
                return List.of(
                        () -> assertThat(store.retag("localhost/kept:1", kept, kept))
                                .isTrue(),
                        () -> store.untag("localhost/kept:1", kept));
            }
        };

        abstract List<Runnable> steps(ContentStore store, Descriptor old);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("stress")
    void losesNothingHoweverAStoryIsSplitOnce(Story story) {
        int steps = stepsOf(story);
        int calls = play(new MemoryContentStore(), MemoryContentStore::collectable, story, after(steps));
        for (int first = 0; first <= calls; first++) {
            for (int second = first; second <= calls; second++) {
                for (int split = 1; split <= steps; split++) {
                    int[] places = new int[steps];
                    Arrays.fill(places, 0, split, first);
                    Arrays.fill(places, split, steps, second);
                    play(new MemoryContentStore(), MemoryContentStore::collectable, story, places);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingInMemory(Story story) {
        int steps = stepsOf(story);
        Random random = new Random();
        int calls = play(new MemoryContentStore(), MemoryContentStore::collectable, story, after(steps));
        for (int way = 0; way < RANDOM_WAYS; way++) {
            int[] places = places(random, steps, calls);
            play(new MemoryContentStore(), MemoryContentStore::collectable, story, places);
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingOnDisk(Story story) throws IOException {
        int steps = stepsOf(story);
        Random random = new Random();
        int calls = play(open(), DiskContentStore::collectable, story, after(steps));
        for (int way = 0; way < RANDOM_WAYS_ON_DISK; way++) {
            int[] places = places(random, steps, calls);
            play(open(), DiskContentStore::collectable, story, places);
        }
    }

    private static void putManifest(ContentStore store, Descriptor old) {
        ContentStore source = new MemoryContentStore();
        assertThat(old(source)).isEqualTo(old);
        store.put(old.digest(), source.read(old.digest(), ManifestDocument.MAX_SIZE));
    }

    /** Places after everything: so a collection has most to do. */
    private static int[] after(int steps) {
        return IntStream.generate(() -> Integer.MAX_VALUE).limit(steps).toArray();
    }

    private static int stepsOf(Story story) {
        return story.steps(prepared(new MemoryContentStore()), old(new MemoryContentStore()))
                .size();
    }

    private DiskContentStore open() throws IOException {
        return DiskContentStore.open(Files.createTempDirectory(folder, "store"));
    }

    private static int[] places(Random random, int steps, int calls) {
        return IntStream.generate(() -> random.nextInt(calls + 1))
                .limit(steps)
                .sorted()
                .toArray();
    }

    private static Descriptor old(ContentStore store) {
        return SampleImage.image(store, "{}", "layer", "other");
    }

    /** A kept image, and one that nothing keeps, in an index and under a weak reference. */
    private static <S extends ContentStore> S prepared(S store) {
        Descriptor old = old(store);
        SampleImage.index(store, old);
        SampleImage.referrer(store, old, "signature");
        store.tag("localhost/old@" + old.digest(), old);
        store.tag("localhost/kept:1", SampleImage.image(store, "{\"k\":1}", "kept"));
        return store;
    }

    /** Plays a story's steps before the calls at these places, and says how many calls there were. */
    private static <S extends ContentStore> int play(
            S store, Function<S, Collectable> collectable, Story story, int[] places) {
        Descriptor old = old(prepared(store));
        List<Runnable> steps = story.steps(store, old);
        int[] done = new int[1];
        InterruptedCollectable interrupted = new InterruptedCollectable(collectable.apply(store), call -> {
            while (done[0] < places.length && places[done[0]] <= call) {
                steps.get(done[0]++).run();
            }
        });
        new Collector(interrupted, NOW, ProgressListener.NONE, Cancellation.never()).run();
        while (done[0] < places.length) {
            steps.get(done[0]++).run();
        }
        String way = story + " at " + Arrays.toString(places);
        for (Reference reference : store.references()) {
            assertThat(complete(store, reference.descriptor()))
                    .as("%s: %s is complete", way, reference.name())
                    .isEmpty();
        }
        for (Digest digest : store.blobs()) {
            assertThat(complete(store, Descriptor.of("", digest, 0)))
                    .as("%s: what is visible is complete", way)
                    .isEmpty();
        }
        return interrupted.calls();
    }

    private static void requireComplete(ContentStore store, Descriptor descriptor) {
        assertThat(complete(store, descriptor)).isEmpty();
    }

    /** What a manifest or an index names and the store lacks. */
    private static List<Digest> complete(ContentStore store, Descriptor descriptor) {
        if (!store.has(descriptor.digest())) {
            return List.of(descriptor.digest());
        }
        byte[] bytes = store.read(descriptor.digest(), ManifestDocument.MAX_SIZE);
        return named(bytes).stream().filter(digest -> !store.has(digest)).toList();
    }

    private static List<Digest> named(byte[] bytes) {
        Optional<ManifestDocument> document =
                bytes.length > 2 && bytes[2] == 's' ? Optional.of(ManifestDocument.parse(bytes, "")) : Optional.empty();
        return document.map(found -> switch (found) {
                    case ImageIndex index ->
                        index.manifests().stream().map(Descriptor::digest).toList();
                    case ImageManifest manifest ->
                        Stream.concat(Stream.of(manifest.config()), manifest.layers().stream())
                                .map(Descriptor::digest)
                                .toList();
                })
                .orElse(List.of());
    }
}
