package dev.slipway.server.serving;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.model.hub.HubModel;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.runtime.ModelLease;
import dev.slipway.runtime.ModelRouter;
import dev.slipway.runtime.ModelSpec;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ModelConfigs;
import dev.slipway.server.ServerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The models that can be asked for, and the way to one that runs. */
public final class ModelService {
    private final ModelConfigs configs;
    private final ModelRouter router;

    public ModelService(ModelConfigs configs, ModelRouter router) {
        this.configs = configs;
        this.router = router;
    }

    /** All models whose files can be read, by name. */
    public List<ModelConfig> all() {
        return configs.all();
    }

    /** The model of this name. */
    public ModelConfig find(String name) {
        return configs.find(name);
    }

    /**
     * Waits for the model to run with a free slot; starts it, and installs its backend, when needed.
     *
     * @throws ServerException {@code server.model-unavailable} when that fails, with the reason as its cause
     */
    public ModelLease lease(ModelConfig model, Cancellation cancellation) {
        // What is no file may be a model on the Hub, which the backend finds.
        if (!Files.exists(model.file()) && HubModel.parse(model.model()).isEmpty()) {
            throw new ServerException(
                    "server.model-file-missing",
                    ErrorKind.FAILURE,
                    "Model '" + model.name() + "' cannot be loaded: there is no file " + model.file() + ".",
                    "Put it there, or correct parameters.model in " + model.source() + ".",
                    null);
        }
        try {
            return router.lease(spec(model), cancellation);
        } catch (CodedException e) {
            throw unavailable(model, e);
        }
    }

    private static CodedException unavailable(ModelConfig model, CodedException reason) {
        // What the client did, or may try again, keeps its own kind; the rest is the server's own trouble.
        return switch (reason.kind()) {
            case CANCELLED, UNREACHABLE, EXHAUSTED -> reason;
            case FAILURE, INVALID, NOT_FOUND, DENIED, CORRUPT, CONFLICT ->
                new ServerException(
                        "server.model-unavailable",
                        ErrorKind.FAILURE,
                        "Model '" + model.name() + "' could not be started: " + reason.getMessage(),
                        reason.hint(),
                        reason);
        };
    }

    private static ModelSpec spec(ModelConfig model) {
        Path folder = model.file().toAbsolutePath().getParent();
        ModelOptions options = ModelOptions.newBuilder()
                .setModel(model.model())
                .setModelFile(model.file().toAbsolutePath().toString())
                .setModelPath(folder == null ? "" : folder.toString())
                .setContextSize(model.contextSize())
                .setThreads(model.threads())
                .setEmbeddings(model.embeddings())
                .setMMap(true)
                .addAllOptions(model.options())
                .build();
        return new ModelSpec(model.name(), model.backend(), options, model.slots(), Map.of());
    }
}
