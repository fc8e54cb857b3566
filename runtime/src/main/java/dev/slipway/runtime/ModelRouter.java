package dev.slipway.runtime;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.Tasks;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds the backend process for a model, starting it when there is none.
 *
 * <p>Requests that want the same model share one load. A process that ended is forgotten, and the next request starts a
 * new one. A load that failed is answered with the same error for a short while.
 */
public final class ModelRouter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ModelRouter.class.getName());

    private final BackendLauncher launcher;
    private final BackendProvider provider;
    private final RouterOptions options;

    private final ReentrantLock lock = new ReentrantLock();
    /** Signalled when a model became ready, failed, ended, or got a slot back. */
    private final Condition changed = lock.newCondition();

    private final Map<String, LoadedModel> models = new LinkedHashMap<>();
    /** Taken out of {@code models}, and not yet ended. */
    private final Set<LoadedModel> ending = new LinkedHashSet<>();

    private boolean closed;

    public ModelRouter(BackendLauncher launcher, BackendProvider provider, RouterOptions options) {
        this.launcher = launcher;
        this.provider = provider;
        this.options = options;
    }

    /**
     * Waits until the model is loaded and one of its slots is free, and takes the slot.
     *
     * @throws CodedException why the model cannot be served, {@code runtime.busy} when the wait is over,
     *     {@code runtime.cancelled}
     */
    public ModelLease lease(ModelSpec spec, Cancellation cancellation) {
        long deadline = System.nanoTime() + options.patience().toNanos();
        try (var _ = cancellation.onCancel(this::wake)) {
            lock.lock();
            try {
                while (true) {
                    if (cancellation.isCancelled()) {
                        throw BackendException.cancelled("The request for model '" + spec.name() + "'");
                    }
                    LoadedModel model = current(spec);
                    BackendProcess process = model.process();
                    if (process != null && model.slotFree()) {
                        model.take();
                        return new ModelLease(model, process, () -> release(model));
                    }
                    await(model, deadline);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Stops the model's process when its running requests have ended; returns whether there was one. */
    public boolean unload(String model) {
        lock.lock();
        try {
            LoadedModel found = models.get(model);
            if (found == null) {
                return false;
            }
            retire(found);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What is loaded, being loaded, failed, or being stopped; sorted by name. */
    public List<ModelState> states() {
        lock.lock();
        try {
            List<ModelState> states = new ArrayList<>();
            models.values().forEach(model -> states.add(model.state()));
            ending.forEach(model -> states.add(model.state()));
            states.sort(Comparator.comparing(ModelState::model));
            return List.copyOf(states);
        } finally {
            lock.unlock();
        }
    }

    /** Stops all processes, side by side, whether or not requests run on them; returns when none is left. */
    @Override
    public void close() {
        List<Callable<Boolean>> stops = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            List.copyOf(models.values()).forEach(this::retire);
            for (LoadedModel model : ending) {
                stops.add(() -> {
                    end(model);
                    return true;
                });
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!stops.isEmpty()) {
            Tasks.runAll(stops, stops.size(), Cancellation.never());
        }
        awaitLoads();
    }

    /** The model of this spec, as it is now; starts a load when there is none. Under the lock. */
    private LoadedModel current(ModelSpec spec) {
        if (closed) {
            throw new BackendException(
                    "runtime.closed", ErrorKind.UNREACHABLE, "The server is shutting down.", "", null);
        }
        LoadedModel model = models.get(spec.name());
        if (model != null && (model.crashed() || !model.spec().equals(spec))) {
            retire(model);
            model = null;
        }
        if (model != null && model.failure() != null) {
            if (model.failedFor() < options.cooldown().toNanos()) {
                throw model.failure().again();
            }
            models.remove(spec.name());
            model = null;
        }
        if (model == null) {
            LoadedModel fresh = new LoadedModel(spec);
            models.put(spec.name(), fresh);
            Thread.ofVirtual().name("load " + spec.name()).start(() -> load(fresh));
            return fresh;
        }
        return model;
    }

    private void await(LoadedModel model, long deadline) {
        model.waiting(1);
        try {
            long left = deadline - System.nanoTime();
            if (left <= 0 || !changed.await(left, TimeUnit.NANOSECONDS)) {
                throw busy(model);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BackendException.cancelled(
                    "The request for model '" + model.spec().name() + "'");
        } finally {
            model.waiting(-1);
        }
    }

    private BackendException busy(LoadedModel model) {
        return new BackendException(
                "runtime.busy",
                ErrorKind.EXHAUSTED,
                "Model '" + model.spec().name() + "' did not become free within "
                        + options.patience().toSeconds() + " s.",
                "Try again later, or give the model more slots.",
                null);
    }

    /** Runs on a thread of its own, so that the load goes on when the request that began it is cancelled. */
    private void load(LoadedModel model) {
        BackendProcess process = null;
        BackendException failure = null;
        try {
            process = startAndLoad(model);
        } catch (BackendException e) {
            failure = e;
        } catch (CodedException e) {
            failure = new BackendException(e.code(), e.kind(), e.getMessage(), e.hint(), e);
        } catch (RuntimeException | Error e) {
            failure = unexpected(model, e);
        }
        lock.lock();
        try {
            if (process != null) {
                model.ready(process);
            } else if (failure != null) {
                model.failed(failure);
            }
            changed.signalAll();
            if (!model.retired()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        end(model);
    }

    private BackendProcess startAndLoad(LoadedModel model) {
        ModelSpec spec = model.spec();
        Cancellation cancellation = model.loading();
        LaunchSpec launch = new LaunchSpec(
                spec.backend(),
                provider.runScript(spec.backend(), cancellation),
                spec.environment(),
                options.logFolder().resolve(fileName(spec.name()) + ".log"));
        BackendProcess process = launcher.launch(launch, cancellation);
        try {
            process.client().load(spec.options(), options.load(), cancellation);
            process.onExit(() -> forget(model));
            return process;
        } catch (RuntimeException | Error e) {
            process.kill();
            throw e;
        }
    }

    private static BackendException unexpected(LoadedModel model, Throwable e) {
        return new BackendException(
                "runtime.load-failed",
                ErrorKind.FAILURE,
                "Could not load model '" + model.spec().name() + "': " + e,
                "",
                e);
    }

    private void release(LoadedModel model) {
        boolean last;
        lock.lock();
        try {
            model.giveBack();
            last = model.retired() && model.idle();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (last) {
            endLater(model);
        }
    }

    /** Takes a model out of the map, so that new requests do not find it; ends it once it is idle. Under the lock. */
    private void retire(LoadedModel model) {
        models.remove(model.spec().name(), model);
        model.retire();
        if (model.failure() != null) {
            return;
        }
        ending.add(model);
        if (model.process() == null) {
            // Not under the lock: what is registered there may wait.
            Thread.ofVirtual().start(model.loading()::cancel);
        } else if (model.idle() || model.crashed()) {
            endLater(model);
        }
    }

    private void endLater(LoadedModel model) {
        Thread.ofVirtual().name("stop " + model.spec().name()).start(() -> end(model));
    }

    private void end(LoadedModel model) {
        @Nullable BackendProcess process;
        boolean loading;
        lock.lock();
        try {
            process = model.process();
            loading = process == null && model.failure() == null;
        } finally {
            lock.unlock();
        }
        if (loading) {
            // Its load has been cancelled and comes back here.
            return;
        }
        try {
            if (process != null) {
                process.stop();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "stopping " + model.spec().name(), e);
        } finally {
            lock.lock();
            try {
                ending.remove(model);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for loads that were cancelled to give up what they started. */
    private void awaitLoads() {
        long left = TimeUnit.SECONDS.toNanos(30);
        lock.lock();
        try {
            while (!ending.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Its process has ended: what it left is swept at once, and states do not show it any more. */
    private void forget(LoadedModel model) {
        lock.lock();
        try {
            if (!model.retired() && model.crashed()) {
                retire(model);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A model's name may hold slashes and more. */
    private static String fileName(String model) {
        String safe = model.replaceAll("[^A-Za-z0-9._-]", "_");
        return safe.substring(0, Math.min(safe.length(), 100));
    }
}
