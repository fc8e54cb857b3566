package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Tasks;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.Lease;
import dev.slipway.oci.layer.LayerSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * A pull whose manifest and config are here and whose layers are arriving, the top one first. What watches it reads
 * {@link #layers} as they come, and calls {@link #await} when it is done.
 */
public final class RunningPull implements AutoCloseable {
    private final Pull pull;
    private final Arrivals arrivals;
    private final Thread thread;
    private final Cancellation.Registration registration;

    /** What was found out before the layers began to arrive. */
    record Pull(
            ImageReference reference,
            Descriptor resolved,
            ImageManifest manifest,
            ImageConfig config,
            ContentStore store,
            Function<Descriptor, Sources> sources,
            LongAdder fetched,
            Lease lease,
            Cancellation cancellation) {}

    private RunningPull(Pull pull, Arrivals arrivals, Thread thread, Cancellation.Registration registration) {
        this.pull = pull;
        this.arrivals = arrivals;
        this.thread = thread;
        this.registration = registration;
    }

    /** Begins to bring blobs, at most {@code concurrency} side by side, in the order given. */
    static RunningPull start(
            Pull pull,
            List<Descriptor> blobs,
            int concurrency,
            Arrivals arrivals,
            BlobPull blobPull,
            Cancellation.Registration registration) {
        Queue<Descriptor> waiting = new ConcurrentLinkedQueue<>(blobs);
        List<Callable<Integer>> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(concurrency, blobs.size()); i++) {
            workers.add(() -> {
                int brought = 0;
                for (Descriptor blob = waiting.poll(); blob != null; blob = waiting.poll()) {
                    bring(blob, pull, arrivals, blobPull);
                    brought++;
                }
                return brought;
            });
        }
        Thread thread = Thread.ofVirtual().name("pull").start(() -> {
            try {
                Tasks.runAll(workers, Math.max(1, workers.size()), pull.cancellation);
            } catch (RuntimeException | Error e) {
                arrivals.fail(e);
            }
        });
        return new RunningPull(pull, arrivals, thread, registration);
    }

    private static void bring(Descriptor blob, Pull pull, Arrivals arrivals, BlobPull blobPull) {
        try {
            blobPull.pull(blob, pull.sources.apply(blob));
        } catch (RuntimeException | Error e) {
            // At once: those who read other blobs shall hear of this failure, not of the cancel that it leads to.
            arrivals.fail(e);
            throw e;
        }
    }

    public ImageReference reference() {
        return pull.reference;
    }

    /** What the reference names: an index, or the manifest itself. */
    public Descriptor resolved() {
        return pull.resolved;
    }

    public ImageManifest manifest() {
        return pull.manifest;
    }

    public ImageConfig config() {
        return pull.config;
    }

    /**
     * The layers as they arrive. Reading fails with what made the pull fail, with {@code base.cancelled}, or with
     * {@code oci.arrival-restarted} when a layer that was read already proved wrong and is fetched anew.
     */
    public LayerSource layers() {
        return (layer, cancellation) -> pull.store.has(layer.digest()) || !arrivals.expects(layer.digest())
                ? pull.store.open(layer.digest())
                : new ArrivingStream(layer, pull.store, arrivals, cancellation);
    }

    /**
     * Waits until all blobs are here, and makes the reference name the image.
     *
     * @throws dev.slipway.base.CodedException what made the pull fail, such as {@code oci.pull-failed}
     */
    public PulledImage await() {
        try {
            // It ends: every fetch has deadlines, and a cancel cuts them short.
            thread.join();
        } catch (InterruptedException e) {
            pull.cancellation.cancel();
            Thread.currentThread().interrupt();
        }
        arrivals.throwIfFailed();
        pull.cancellation.throwIfCancelled();
        pull.lease.require();
        pull.store.tag(pull.reference.toString(), pull.resolved);
        return new PulledImage(
                pull.reference,
                pull.resolved,
                pull.manifest.descriptor(),
                pull.manifest,
                pull.config,
                pull.fetched.sum());
    }

    /** Stops what is still running and waits for its end; what has arrived stays for the next pull. */
    @Override
    public void close() {
        registration.close();
        pull.cancellation.cancel();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        pull.lease.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
