package dev.slipway.server;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One model that can be asked for, as its file says.
 *
 * @param name the name in the API
 * @param description for people; may be empty
 * @param backend the backend that serves it
 * @param model the value of {@code parameters.model} as written
 * @param file the file or folder it means
 * @param source the configuration file
 * @param contextSize tokens; 0 leaves it to the model
 * @param threads 0 leaves it to the backend
 * @param slots how many requests may run at a time
 * @param embeddings whether the backend shall be loaded for embeddings
 * @param options handed to the backend as they are, {@code key:value} each
 * @param stop texts that end every answer
 * @param defaults sampling for requests that say nothing
 */
public record ModelConfig(
        String name,
        String description,
        String backend,
        String model,
        Path file,
        Path source,
        int contextSize,
        int threads,
        int slots,
        boolean embeddings,
        List<String> options,
        List<String> stop,
        Defaults defaults) {
    public ModelConfig {
        options = List.copyOf(options);
        stop = List.copyOf(stop);
    }

    /** What requests may leave out; absent values fall back to the server's own. */
    public record Defaults(
            OptionalDouble temperature,
            OptionalDouble topP,
            OptionalInt topK,
            OptionalDouble minP,
            OptionalInt maxTokens,
            OptionalInt seed) {}
}
