package dev.slipway.backend.model;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.engine.TextEngine;
import dev.slipway.engine.TextEngines;
import dev.slipway.model.hub.Hub;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/** Opens models with the project's own engine. */
public final class EngineModels {
    private static final System.Logger LOG = System.getLogger(EngineModels.class.getName());

    /** How often a long fetch is told of in the log. */
    private static final int STEPS = 20;

    private EngineModels() {}

    /** A {@link ModelOpener}; a model on the Hub that is not in the cache is fetched first. */
    public static TextEngine open(ModelSpecification specification) {
        Path path = specification
                .hub()
                .map(model -> Hub.fromEnvironment().locate(model, logged(), Cancellation.never()))
                .orElse(specification.file());
        return TextEngines.open(path, specification.options());
    }

    private static ProgressListener logged() {
        long[] told = {-1};
        return progress -> {
            long step = progress.total() <= 0 ? 0 : progress.done() * STEPS / progress.total();
            if (step != told[0]) {
                told[0] = step;
                LOG.log(Level.DEBUG, "{0}: {1} of {2} bytes", progress.step(), progress.done(), progress.total());
            }
        };
    }
}
