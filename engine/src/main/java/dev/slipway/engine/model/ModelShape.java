package dev.slipway.engine.model;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.PageForm;
import dev.slipway.model.Metadata;
import dev.slipway.model.OpenModel;
import java.nio.file.Path;

/**
 * The sizes of a transformer, as its file gives them, each within the limits below.
 *
 * @param contextLength positions that the model was trained for
 * @param width length of the hidden state
 * @param blocks number of layers
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headSize length of one head's vectors; even
 * @param hidden width of the feed-forward part
 * @param epsilon what the norms add to the mean square
 */
public record ModelShape(
        String architecture,
        int contextLength,
        int width,
        int blocks,
        int heads,
        int kvHeads,
        int headSize,
        int hidden,
        float epsilon) {
    private static final int MAX_CONTEXT = 1 << 24;
    private static final int MAX_WIDTH = 1 << 17;
    private static final int MAX_BLOCKS = 1 << 10;
    private static final int MAX_HEADS = 1 << 12;
    private static final int MAX_HEAD_SIZE = 1 << 12;

    /**
     * Reads the sizes of a model.
     *
     * @throws EngineException {@code engine.wrong-model} when one is missing or out of range
     */
    public static ModelShape of(OpenModel model) {
        return read(model, model.architecture());
    }

    /** Reads the sizes from metadata keys that begin with the architecture's name. */
    static ModelShape read(OpenModel file, String architecture) {
        Keys keys = new Keys(file, architecture);
        int width = keys.size("embedding_length", MAX_WIDTH);
        int heads = keys.size("attention.head_count", MAX_HEADS);
        int kvHeads = keys.size("attention.head_count_kv", MAX_HEADS, heads);
        int headSize = keys.size("attention.key_length", MAX_HEAD_SIZE, Math.max(1, width / heads));
        if (heads % kvHeads != 0) {
            throw keys.wrong("attention.head_count is " + heads + ", not a multiple of the " + kvHeads + " kv heads");
        }
        if (headSize % 2 != 0) {
            throw keys.wrong("the head size is " + headSize + ", which is odd");
        }
        if (keys.size("attention.value_length", MAX_HEAD_SIZE, headSize) != headSize) {
            throw keys.wrong("attention.value_length differs from the head size " + headSize);
        }
        return new ModelShape(
                architecture,
                keys.size("context_length", MAX_CONTEXT),
                width,
                keys.size("block_count", MAX_BLOCKS),
                heads,
                kvHeads,
                headSize,
                keys.size("feed_forward_length", MAX_WIDTH),
                (float) keys.positive("attention.layer_norm_rms_epsilon", 1e-5));
    }

    /** Length of all query heads together. */
    public int queryWidth() {
        return heads * headSize;
    }

    /** Length of all key heads, or all value heads, together. */
    public int kvWidth() {
        return kvHeads * headSize;
    }

    /** What a page of the KV cache holds. */
    public PageForm pageForm(CacheType keys, CacheType values) {
        return new PageForm(blocks, kvHeads, headSize, keys, values);
    }

    /** Metadata below one architecture's name. */
    static final class Keys {
        private final OpenModel file;
        private final Metadata metadata;
        private final String prefix;

        Keys(OpenModel file, String architecture) {
            this.file = file;
            this.metadata = file.metadata();
            this.prefix = architecture + ".";
        }

        int size(String key, int most) {
            if (metadata.integer(prefix + key).isEmpty()) {
                throw wrong("the metadata key '" + metadata.storedKey(prefix + key) + "' is missing");
            }
            return size(key, most, 1);
        }

        int size(String key, int most, int otherwise) {
            long value = metadata.integer(prefix + key).orElse(otherwise);
            if (value < 1 || value > most) {
                throw wrong("'" + metadata.storedKey(prefix + key) + "' is " + value + ", outside 1 to " + most);
            }
            return (int) value;
        }

        double positive(String key, double otherwise) {
            double value = metadata.floating(prefix + key).orElse(otherwise);
            if (!(value > 0 && value < 1e12)) {
                throw wrong("'" + metadata.storedKey(prefix + key) + "' is " + value
                        + ", not a positive number of sensible size");
            }
            return value;
        }

        double share(String key, double otherwise) {
            double value = metadata.floating(prefix + key).orElse(otherwise);
            if (!(value >= 0 && value <= 1)) {
                throw wrong("'" + metadata.storedKey(prefix + key) + "' is " + value + ", not from 0 to 1");
            }
            return value;
        }

        Path path() {
            return file.path();
        }

        String text(String key, String otherwise) {
            return metadata.string(prefix + key).orElse(otherwise);
        }

        EngineException wrong(String what) {
            return new EngineException(
                    "engine.wrong-model",
                    ErrorKind.CORRUPT,
                    "The model " + file.path() + " cannot be run: " + what + ".",
                    "Get the file from another source, or convert the model again.",
                    null);
        }
    }
}
