package dev.slipway.backend.model;

import dev.slipway.backend.BackendException;
import dev.slipway.base.ErrorKind;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one model of this process. Readers never wait: while a model is being exchanged they see the old one, and the
 * old one ends when the new one stands. Loads and releases queue behind each other.
 */
public final class ModelHolder implements AutoCloseable {
    /** Longer than any host waits for a load. */
    private static final Duration LOAD_PATIENCE = Duration.ofMinutes(15);
    /** Below the 5 seconds that hosts give Free. */
    private static final Duration RELEASE_PATIENCE = Duration.ofSeconds(4);

    private final ModelOpener opener;
    private final ReentrantLock exchange = new ReentrantLock();
    private volatile boolean loading;
    private volatile @Nullable LoadedModel current;

    public ModelHolder(ModelOpener opener) {
        this.opener = opener;
    }

    /**
     * Loads a model in place of the one before. Asking for what is loaded already changes nothing; a load that fails
     * leaves the old model in place.
     */
    public LoadedModel load(ModelSpecification wanted) {
        lock(LOAD_PATIENCE, "load " + wanted.file());
        try {
            LoadedModel before = current;
            if (before != null && before.sameAs(wanted)) {
                return before;
            }
            LoadedModel loaded = open(wanted);
            current = loaded;
            if (before != null) {
                before.release();
            }
            return loaded;
        } finally {
            exchange.unlock();
        }
    }

    private LoadedModel open(ModelSpecification wanted) {
        if (wanted.hub().isEmpty() && !Files.exists(wanted.file())) {
            throw new BackendException(
                    "backend.model-not-found",
                    ErrorKind.NOT_FOUND,
                    "Could not load the model: " + wanted.file() + " does not exist.",
                    "Check the model's file name in its configuration.",
                    null);
        }
        loading = true;
        try {
            // Read before the file is opened: a change while it is being loaded then counts as a change.
            Optional<LoadedModel.Stamp> stamp = LoadedModel.Stamp.of(wanted.file());
            return new LoadedModel(wanted, stamp, opener.open(wanted));
        } finally {
            loading = false;
        }
    }

    /** Whether a load is under way. */
    public boolean loading() {
        return loading;
    }

    /** The model, when one is loaded. */
    public Optional<LoadedModel> current() {
        return Optional.ofNullable(current);
    }

    /**
     * The model for a request.
     *
     * @param identity the model that the host believes to be here; empty asks for whichever it is
     * @throws BackendException {@code backend.model-not-loaded} or {@code backend.model-identity-mismatch}
     */
    public LoadedModel require(String identity) {
        LoadedModel model = current;
        if (model == null) {
            throw BackendException.notLoaded(loading ? ": it is being loaded" : "");
        }
        if (!identity.isEmpty() && !model.identity().isEmpty() && !identity.equals(model.identity())) {
            throw new BackendException(
                    "backend.model-identity-mismatch",
                    ErrorKind.NOT_FOUND,
                    "model identity mismatch: asked for '" + identity + "', loaded is '" + model.identity() + "'",
                    "Ask the process that holds the model.",
                    null);
        }
        return model;
    }

    /** Frees the model; returns whether there was one. */
    public boolean release() {
        lock(RELEASE_PATIENCE, "free the model");
        try {
            LoadedModel model = current;
            current = null;
            if (model == null) {
                return false;
            }
            model.release();
            return true;
        } finally {
            exchange.unlock();
        }
    }

    @Override
    public void close() {
        release();
    }

    private void lock(Duration patience, String attempted) {
        try {
            if (exchange.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new BackendException(
                "backend.load-under-way",
                ErrorKind.CONFLICT,
                "Could not " + attempted + ": another load has been running for more than " + patience.toSeconds()
                        + " s.",
                "Wait for it to finish and try again.",
                null);
    }
}
