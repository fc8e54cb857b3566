package dev.slipway.runtime;

import java.util.concurrent.atomic.AtomicBoolean;

/** The right to run one request on a loaded model; takes one of its slots until closed. */
public final class ModelLease implements AutoCloseable {
    private final LoadedModel loaded;
    private final BackendProcess process;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    ModelLease(LoadedModel loaded, BackendProcess process, Runnable release) {
        this.loaded = loaded;
        this.process = process;
        this.release = release;
    }

    public ModelSpec model() {
        return loaded.spec();
    }

    public BackendClient client() {
        return process.client();
    }

    /** The process that serves the model. */
    public BackendProcess process() {
        return process;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
