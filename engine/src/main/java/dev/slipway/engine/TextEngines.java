package dev.slipway.engine;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.decode.Scheduler;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.model.TextEncoder;
import dev.slipway.engine.model.TextModel;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tokenizer.Tokenizers;
import dev.slipway.engine.tool.AnswerForm;
import dev.slipway.engine.tool.ReasoningParsers;
import dev.slipway.engine.tool.ToolParsers;
import dev.slipway.model.HostMemory;
import dev.slipway.model.OpenModel;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Loads text models. */
public final class TextEngines {
    private static final System.Logger LOG = System.getLogger(TextEngines.class.getName());

    private TextEngines() {}

    /**
     * Loads a model. Its weights stay in the mapped file.
     *
     * @param path what {@link OpenModel#open} takes: a GGUF file, or a Hugging Face folder
     * @throws dev.slipway.model.ModelException when the file cannot be read
     * @throws EngineException when it holds a model that cannot be run, or an option does not fit it
     */
    public static TextEngine open(Path path, EngineOptions options) {
        return open(path, options, HostMemory.here());
    }

    /** The same on a host with so much memory. */
    static TextEngine open(Path path, EngineOptions options, HostMemory memory) {
        OpenModel file = OpenModel.open(path);
        try {
            KernelProviders.Choice choice = KernelProviders.choose(options.provider());
            LOG.log(Level.DEBUG, "kernel provider {0}: {1}", choice.provider().name(), choice.reason());
            Compute compute = new Compute(choice.provider(), options.threads());
            try {
                return TextEncoder.knows(file.architecture())
                        ? EncoderEngine.load(file, options, compute)
                        : load(file, options, compute, memory);
            } catch (RuntimeException | Error e) {
                compute.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static TextEngine load(OpenModel file, EngineOptions options, Compute compute, HostMemory memory) {
        TextModel.requireKnown(file);
        MemoryPlan plan = MemoryPlan.of(file, options, compute, memory);
        TextModel model;
        Tokenizer tokenizer;
        // Beside each other: the tokenizer is one thread's work, as long as packing the weights of a small model.
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Tokenizer> reading = beside.submit(() -> Tokenizers.from(file));
            model = TextModel.of(file, compute, options.storage().weightForm());
            tokenizer = result(reading);
        }
        int known = model.weights().vocabularySize();
        requireWeights(file, tokenizer, known);
        ChatPrompts prompts = ChatPrompts.of(file, tokenizer);
        LOG.log(Level.DEBUG, "chat template: {0}", prompts.origin());
        String source = prompts.source(true);
        ToolParsers.Choice toolForm =
                ToolParsers.choose(options.toolParser(), source, model.shape().architecture());
        ReasoningParsers.Choice reasoning = ReasoningParsers.choose(options.reasoningParser(), source);
        LOG.log(Level.DEBUG, "tool parser {0}: {1}", toolForm.form().label(), toolForm.reason());
        LOG.log(Level.DEBUG, "reasoning parser {0}: {1}", reasoning.label(), reasoning.reason());
        AnswerForm answers = new AnswerForm(toolForm.form(), reasoning.thinking(), reasoning.startsThinking());
        ModelInfo info = new ModelInfo(
                file.name(),
                model.shape().architecture(),
                plan.context(),
                model.shape().width(),
                known,
                model.weights().parameters(),
                plan.estimate().total(),
                compute.provider().name(),
                toolForm.form().label() + ": " + toolForm.reason(),
                reasoning.label() + ": " + reasoning.reason(),
                prompts.source(false),
                prompts.origin());
        KvPool pool = new KvPool(plan.form(), plan.pages());
        Scheduler scheduler = new Scheduler(model, compute, options.slots(), pool);
        return new LoadedTextEngine(file, compute, pool, scheduler, tokenizer, prompts, answers, options, info);
    }

    /** What a task has made, or what it has thrown. */
    private static <T> T result(Future<T> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("loading the tokenizer was interrupted");
        }
    }

    /** Refuses a model whose tokenizer knows more tokens than there are weights for. */
    static void requireWeights(OpenModel file, Tokenizer tokenizer, int known) {
        if (tokenizer.vocabularySize() > known) {
            throw new EngineException(
                    "engine.wrong-model",
                    ErrorKind.CORRUPT,
                    "The model file " + file.path() + " has " + tokenizer.vocabularySize()
                            + " tokens, but weights for only " + known + ".",
                    "Get the file from another source, or convert the model again.",
                    null);
        }
    }
}
