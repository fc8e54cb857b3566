package dev.slipway.runtime;

import dev.slipway.base.Cancellation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One model in the router, from its load to its end. All that changes is guarded by the router's lock. */
final class LoadedModel {
    private final ModelSpec spec;
    private final Cancellation loading = new Cancellation();
    private @Nullable BackendProcess process;
    private @Nullable BackendException failure;
    private long failedAt;
    private boolean retired;
    private int used;
    private int waiting;

    LoadedModel(ModelSpec spec) {
        this.spec = spec;
    }

    ModelSpec spec() {
        return spec;
    }

    /** Ends the load when the router is closed or the model unloaded meanwhile. */
    Cancellation loading() {
        return loading;
    }

    void ready(BackendProcess started) {
        process = started;
    }

    void failed(BackendException why) {
        failure = why;
        failedAt = System.nanoTime();
    }

    void retire() {
        retired = true;
    }

    boolean retired() {
        return retired;
    }

    @Nullable
    BackendProcess process() {
        return process;
    }

    @Nullable
    BackendException failure() {
        return failure;
    }

    /** Nanoseconds since the load failed. */
    long failedFor() {
        return System.nanoTime() - failedAt;
    }

    boolean crashed() {
        return process != null && !process.alive();
    }

    boolean slotFree() {
        return used < spec.slots();
    }

    boolean idle() {
        return used == 0;
    }

    void take() {
        used++;
    }

    void giveBack() {
        used--;
    }

    void waiting(int change) {
        waiting += change;
    }

    ModelState state() {
        ModelState.Phase phase = retired
                ? ModelState.Phase.STOPPING
                : failure != null
                        ? ModelState.Phase.FAILED
                        : process != null ? ModelState.Phase.READY : ModelState.Phase.LOADING;
        return new ModelState(
                spec.name(),
                spec.backend(),
                phase,
                spec.slots(),
                used,
                waiting,
                Optional.ofNullable(process).map(BackendProcess::pid),
                Optional.ofNullable(failure).map(BackendException::getMessage));
    }
}
