package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import dev.slipway.backend.model.ModelSpecification;
import dev.slipway.engine.EngineOptions;
import dev.slipway.engine.Pooling;
import dev.slipway.engine.tool.ReasoningParsers;
import dev.slipway.engine.tool.ToolParsers;
import dev.slipway.model.hub.HubModel;
import dev.slipway.protocol.ModelOptions;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code ModelOptions} → what to load. */
public final class LoadRequests {
    private static final String TOOL_PARSER = "tool_parser";
    private static final String REASONING_PARSER = "reasoning_parser";
    private static final String KERNELS = "kernels";
    private static final String SLOTS = "slots";
    private static final String POOLING = "pooling";
    private static final String LONG_INPUT = "long_input";
    private static final int MOST_SLOTS = 64;

    private LoadRequests() {}

    /**
     * Reads a load request. The file is {@code ModelFile}; without it {@code Model}, below {@code ModelPath} when that is
     * given, or, when no such file exists, a model on the Hub of that name. {@code ContextSize} 0 falls back to {@code MaxModelLen} and then to the model's own.
     *
     * @throws BackendException when a value is out of range, or asks for something that cannot be done here
     */
    public static ModelSpecification from(ModelOptions request) {
        Refusals.check(request);
        OptionList options = OptionList.parse(
                request.getOptionsList(),
                Set.of(
                        TOOL_PARSER,
                        REASONING_PARSER,
                        KERNELS,
                        SLOTS,
                        POOLING,
                        LONG_INPUT,
                        StorageRequests.QUANTIZATION));
        int context = request.getContextSize() == 0 ? request.getMaxModelLen() : request.getContextSize();
        EngineOptions how = EngineOptions.DEFAULT
                .withContextLength(notNegative("ContextSize", context))
                .withThreads(notNegative("Threads", request.getThreads()))
                .withProvider(options.word(KERNELS, "auto", List.of("auto", "scalar", "vector", "emitted")))
                .withToolParser(options.word(TOOL_PARSER, "auto", ToolParsers.names()))
                .withReasoningParser(options.word(REASONING_PARSER, "auto", ReasoningParsers.names()))
                .withSlots(options.number(SLOTS, EngineOptions.DEFAULT.slots(), 1, MOST_SLOTS))
                .withChunking(options.word(LONG_INPUT, "refuse", List.of("refuse", "chunk"))
                        .equals("chunk"))
                .withStorage(StorageRequests.from(request, options));
        Optional<Pooling> pooling = Pooling.of(options.word(POOLING, "auto", poolings()));
        Path file = file(request);
        return new ModelSpecification(
                request.getModel(),
                file,
                hub(request, file),
                pooling.map(how::withPooling).orElse(how));
    }

    private static List<String> poolings() {
        return Stream.concat(Stream.of("auto"), Pooling.labels().stream()).toList();
    }

    private static Path file(ModelOptions request) {
        String name = request.getModelFile().isBlank() ? request.getModel() : request.getModelFile();
        if (name.isBlank()) {
            throw BackendException.invalid("The load request names no model.", "Set ModelFile to the model's file.");
        }
        try {
            Path folder = Path.of(request.getModelPath());
            // resolve() leaves an absolute name as it is.
            return request.getModelFile().isBlank() ? folder.resolve(name) : Path.of(name);
        } catch (InvalidPathException e) {
            throw BackendException.invalid(
                    "The model's file name is not a path: " + e.getReason() + ".",
                    "Set ModelFile to the model's file.");
        }
    }

    /** The model on the Hub that is meant, when there is no such file. Hosts may put their own folder before the name. */
    private static Optional<HubModel> hub(ModelOptions request, Path file) {
        String name = request.getModel().strip();
        boolean named = request.getModelFile().isBlank() || file.endsWith(name);
        return named && Files.notExists(file) ? HubModel.parse(name) : Optional.empty();
    }

    private static int notNegative(String field, int value) {
        if (value < 0) {
            throw BackendException.invalid(field + " is " + value + ".", "Use 0 for the default, or more.");
        }
        return value;
    }
}
