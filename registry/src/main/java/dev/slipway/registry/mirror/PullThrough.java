package dev.slipway.registry.mirror;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.transport.Transport;
import dev.slipway.registry.RegistryException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Brings what is asked for from upstream registries into the content store, once for all who ask at the same time. */
public final class PullThrough implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PullThrough.class.getName());
    private static final Duration DISTRUST = Duration.ofMinutes(5);
    private static final int MOST_CHECKED = 10_000;

    private final MirrorOptions options;
    private final ContentStore store;
    private final Cancellation cancellation = new Cancellation();
    private final SingleFlight<Optional<Descriptor>> tags = new SingleFlight<>();
    private final SingleFlight<Boolean> manifests = new SingleFlight<>();
    private final Map<Digest, BlobDownload> downloads = new ConcurrentHashMap<>();
    private final Map<String, Long> distrusted = new ConcurrentHashMap<>();
    /** When each tag was last found to be what it is here; lost with the process, so that a new one asks again. */
    private final Map<String, Long> checked = new ConcurrentHashMap<>();

    public PullThrough(MirrorOptions options, ContentStore store) {
        this.options = options;
        this.store = store;
    }

    /** The repository at an upstream that a request means; empty when none is mirrored under that name. */
    public Optional<ImageReference> place(Optional<String> namespace, String name) {
        if (namespace.isPresent()) {
            return namespace.filter(options.upstreams()::mirrors).map(host -> reference(host, name));
        }
        int slash = name.indexOf('/');
        if (slash > 0 && options.upstreams().mirrors(name.substring(0, slash))) {
            return Optional.of(reference(name.substring(0, slash), name.substring(slash + 1)));
        }
        return options.upstreams().usualHost().map(host -> reference(host, name));
    }

    private static ImageReference reference(String host, String name) {
        boolean bare = host.equals(ImageReference.DOCKER_HUB) && !name.contains("/");
        return new ImageReference(host, bare ? "library/" + name : name, Optional.empty(), Optional.empty());
    }

    /** What a tag names now, or named when its upstream was last there. Its manifest is in the store. */
    public Optional<Descriptor> tag(ImageReference place, String tag) {
        String key = place.host() + "/" + place.repository() + ":" + tag;
        Optional<Descriptor> here = store.resolve(key).filter(descriptor -> store.has(descriptor.digest()));
        if (options.offline() || (here.isPresent() && isFresh(key))) {
            return here;
        }
        return tags.call(key, () -> refresh(place, tag, key, here));
    }

    private boolean isFresh(String key) {
        Long at = checked.get(key);
        return at != null && System.nanoTime() - at < options.tagLife().toNanos();
    }

    private Optional<Descriptor> refresh(ImageReference place, String tag, String key, Optional<Descriptor> here) {
        try {
            Optional<Descriptor> found = ask(place, upstream -> current(upstream, tag, key, here));
            found.ifPresent(_ -> remember(key));
            return found;
        } catch (CodedException e) {
            if (here.isEmpty()) {
                throw e;
            }
            // Better what was right a while ago than nothing.
            LOG.log(Level.DEBUG, "serving {0} as it was: {1}", key, e.getMessage());
            return here;
        }
    }

    private void remember(String key) {
        if (checked.size() >= MOST_CHECKED) {
            checked.clear();
        }
        checked.put(key, System.nanoTime());
    }

    private Descriptor current(Transport upstream, String tag, String key, Optional<Descriptor> here) {
        if (here.isPresent() && upstream.resolve(tag, cancellation).equals(here.map(Descriptor::digest))) {
            return here.get();
        }
        ManifestDocument document = upstream.manifest(tag, cancellation);
        Descriptor descriptor = document.descriptor();
        store.put(descriptor.digest(), document.bytes());
        store.tag(key, descriptor);
        return descriptor;
    }

    /** Makes sure that a manifest is in the store; says whether it is. */
    public boolean manifest(ImageReference place, Digest digest) {
        if (store.has(digest)) {
            return true;
        }
        return !options.offline()
                && manifests.call(place.host() + "/" + place.repository() + "@" + digest, () -> fetch(place, digest));
    }

    private boolean fetch(ImageReference place, Digest digest) {
        return ask(place, upstream -> {
                    ManifestDocument document = upstream.manifest(digest.toString(), cancellation);
                    byte[] bytes = document.bytes();
                    store.put(digest, bytes);
                    store.tag(
                            place.host() + "/" + place.repository() + "@" + digest,
                            Descriptor.of(document.mediaType(), digest, bytes.length));
                    return digest;
                })
                .isPresent();
    }

    /** Asks one upstream after the other; empty when those that answer do not have it. */
    private <T> Optional<T> ask(ImageReference place, Function<Transport, T> question) {
        Optional<CodedException> unreachable = Optional.empty();
        for (Transport upstream : options.upstreams().transports(place)) {
            try {
                return Optional.of(question.apply(upstream));
            } catch (CodedException e) {
                LOG.log(Level.DEBUG, "{0}: {1}", upstream.description(), e.getMessage());
                if (e.kind() == ErrorKind.EXHAUSTED || e.kind() == ErrorKind.CANCELLED) {
                    throw e;
                }
                if (e.kind() != ErrorKind.NOT_FOUND && e.kind() != ErrorKind.DENIED) {
                    unreachable = Optional.of(e);
                }
            }
        }
        if (unreachable.isPresent()) {
            throw RegistryException.upstreamGone("The upstream registry of " + place.host() + " does not answer.");
        }
        return Optional.empty();
    }

    /** A blob that is being fetched, or is now; empty when it may not be. */
    public Optional<BlobDownload> blob(ImageReference place, Descriptor blob) {
        if (options.offline()) {
            return Optional.empty();
        }
        return Optional.of(downloads.computeIfAbsent(blob.digest(), _ -> start(place, blob)));
    }

    private BlobDownload start(ImageReference place, Descriptor blob) {
        BlobDownload download = new BlobDownload(blob, store);
        Thread.ofVirtual().name("mirror-" + blob.digest().shortHex()).start(() -> {
            try {
                download.run(
                        trusted(place),
                        upstream -> distrusted.put(upstream.description(), System.nanoTime()),
                        cancellation);
            } finally {
                downloads.remove(blob.digest());
            }
        });
        return download;
    }

    /** The upstreams, those that lately sent wrong bytes last. */
    private List<Transport> trusted(ImageReference place) {
        long now = System.nanoTime();
        distrusted.values().removeIf(at -> now - at > DISTRUST.toNanos());
        return options.upstreams().transports(place).stream()
                .sorted(Comparator.comparing(upstream -> distrusted.containsKey(upstream.description())))
                .toList();
    }

    @Override
    public void close() {
        cancellation.cancel();
    }
}
