package dev.slipway.engine.measure;

import dev.slipway.model.Metadata;
import dev.slipway.model.OpenModel;
import dev.slipway.model.TensorInfo;

/**
 * What a token costs at least, counted from the file: what a limit is made of.
 *
 * @param decodeBytes stored weights that are read for a generated token
 * @param kvBytes bytes of the KV cache that are read per position before it
 * @param byteOperations operations on quantised weights for a token of the prompt
 * @param floatOperations the same on weights stored as floats
 */
public record WorkPerToken(long decodeBytes, long kvBytes, long byteOperations, long floatOperations) {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    /** Keys and values are kept in 16 bits. */
    private static final int KV_ELEMENT_BYTES = 2;

    /** Counts it from a model's tensors. */
    public static WorkPerToken of(OpenModel model) {
        boolean tied = model.tensor(OUTPUT).isEmpty();
        long decode = 0;
        long bytes = 0;
        long floats = 0;
        for (TensorInfo tensor : model.tensors().values()) {
            boolean embedding = tensor.name().equals(EMBEDDING);
            boolean output = tensor.name().equals(OUTPUT) || embedding;
            if (embedding && !tied) {
                continue;
            }
            decode += tensor.bytes();
            // Of a prompt, only the last token's logits are wanted.
            if (!output && tensor.shape().size() == 2) {
                long operations = 2 * tensor.elements();
                bytes += tensor.type().blockSize() > 1 ? operations : 0;
                floats += tensor.type().blockSize() > 1 ? 0 : operations;
            }
        }
        return new WorkPerToken(decode, kvBytes(model), bytes, floats);
    }

    private static long kvBytes(OpenModel model) {
        Metadata metadata = model.metadata();
        String prefix = model.architecture() + ".";
        long heads = metadata.integer(prefix + "attention.head_count").orElse(1);
        long kvHeads = metadata.integer(prefix + "attention.head_count_kv").orElse(heads);
        long width = metadata.integer(prefix + "embedding_length").orElse(0);
        long headSize = metadata.integer(prefix + "attention.key_length").orElse(width / Math.max(1, heads));
        return 2
                * KV_ELEMENT_BYTES
                * kvHeads
                * headSize
                * metadata.integer(prefix + "block_count").orElse(0);
    }
}
