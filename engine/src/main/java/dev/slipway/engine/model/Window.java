package dev.slipway.engine.model;

import dev.slipway.engine.kernel.AttentionTile;
import dev.slipway.model.Metadata;
import dev.slipway.model.OpenModel;
import java.util.Optional;

/**
 * How far back each layer looks. A window of {@code n} positions holds a token's own and the {@code n − 1} before it.
 *
 * @param size of the layers that have one; {@link AttentionTile#NO_WINDOW} when none has
 * @param layers which have one, as 1 and 0; empty when all are alike
 * @see <a href="https://arxiv.org/abs/2310.06825">Jiang et al., Mistral 7B, section 2</a>
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Window(int size, long[] layers) {
    private static final String SIZE = "attention.sliding_window";
    private static final String PATTERN = "attention.sliding_window_pattern";

    static Window read(OpenModel model, ModelShape shape) {
        Metadata metadata = model.metadata();
        String prefix = shape.architecture() + ".";
        long size = metadata.integer(prefix + SIZE).orElse(0);
        Optional<long[]> pattern = metadata.integers(prefix + PATTERN);
        if (pattern.isPresent() && pattern.get().length != shape.blocks()) {
            throw new ModelShape.Keys(model, shape.architecture())
                    .wrong("'" + metadata.storedKey(prefix + PATTERN) + "' tells of " + pattern.get().length
                            + " layers, and the model has " + shape.blocks());
        }
        // Files say 0 where there is no window.
        return size <= 0 || size >= shape.contextLength()
                ? new Window(AttentionTile.NO_WINDOW, new long[0])
                : new Window((int) size, pattern.orElseGet(() -> new long[0]));
    }

    /** How many positions a layer's queries see, their own included. */
    int of(int layer) {
        return layers.length == 0 || layers[layer] != 0 ? size : AttentionTile.NO_WINDOW;
    }
}
