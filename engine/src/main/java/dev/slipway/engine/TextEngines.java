package dev.slipway.engine;

import dev.slipway.base.ByteSize;
import dev.slipway.base.ErrorKind;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.decode.Scheduler;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.PageForm;
import dev.slipway.engine.model.TextEncoder;
import dev.slipway.engine.model.TextModel;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tokenizer.Tokenizers;
import dev.slipway.engine.tool.AnswerForm;
import dev.slipway.engine.tool.ReasoningParsers;
import dev.slipway.engine.tool.ToolParsers;
import dev.slipway.model.OpenModel;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/** Loads text models. */
public final class TextEngines {
    private static final System.Logger LOG = System.getLogger(TextEngines.class.getName());

    /** The share of the memory for weights and everything else that the KV cache may fill. */
    private static final double KV_SHARE_OF_MEMORY = 0.5;

    private TextEngines() {}

    /**
     * Loads a model. Its weights stay in the mapped file.
     *
     * @param path what {@link OpenModel#open} takes: a GGUF file, or a Hugging Face folder
     * @throws dev.slipway.model.ModelException when the file cannot be read
     * @throws EngineException when it holds a model that cannot be run, or an option does not fit it
     */
    public static TextEngine open(Path path, EngineOptions options) {
        OpenModel file = OpenModel.open(path);
        try {
            KernelProviders.Choice choice = KernelProviders.choose(options.provider());
            LOG.log(Level.DEBUG, "kernel provider {0}: {1}", choice.provider().name(), choice.reason());
            Compute compute = new Compute(choice.provider(), options.threads());
            try {
                return TextEncoder.knows(file.architecture())
                        ? EncoderEngine.load(file, options, compute)
                        : load(file, options, compute);
            } catch (RuntimeException | Error e) {
                compute.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static TextEngine load(OpenModel file, EngineOptions options, Compute compute) {
        TextModel model = TextModel.of(file, compute, options.storage().weightForm());
        Tokenizer tokenizer = Tokenizers.from(file);
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
        PageForm form = model.shape()
                .pageForm(options.storage().keyType(), options.storage().valueType());
        long budget = (long) (HostMemory.bytes() * KV_SHARE_OF_MEMORY);
        int context = contextLength(file, model.shape().contextLength(), options, form, budget);
        long pages = Math.min(
                options.slots() * PageForm.pages(context), Math.max(PageForm.pages(context), budget / form.bytes()));
        ModelInfo info = new ModelInfo(
                file.name(),
                model.shape().architecture(),
                context,
                model.shape().width(),
                known,
                model.weights().parameters(),
                model.weights().bytes() + pages * form.bytes(),
                compute.provider().name(),
                toolForm.form().label() + ": " + toolForm.reason(),
                reasoning.label() + ": " + reasoning.reason(),
                prompts.source(false),
                prompts.origin());
        KvPool pool = new KvPool(form, pages);
        Scheduler scheduler = new Scheduler(model, compute, options.slots(), pool);
        return new LoadedTextEngine(file, compute, pool, scheduler, tokenizer, prompts, answers, options, info);
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

    /** As asked for, up to the model's own; without a wish, no more than fits the memory. */
    private static int contextLength(OpenModel file, int own, EngineOptions options, PageForm form, long budget) {
        int asked = options.contextLength() == 0 ? own : Math.min(own, options.contextLength());
        long fits = budget / form.bytes() * KernelProvider.PAGE;
        if (asked <= fits) {
            return asked;
        }
        if (options.contextLength() == 0 && fits >= 1) {
            LOG.log(Level.DEBUG, "context of {0} shortened to the {1} tokens that memory allows", own, fits);
            return (int) fits;
        }
        throw new EngineException(
                "engine.out-of-memory",
                ErrorKind.EXHAUSTED,
                "A context of " + asked + " tokens of " + file.path() + " needs "
                        + new ByteSize(form.bytes(asked))
                        + " for the KV cache, and there is room for "
                        + new ByteSize(budget) + ".",
                "Ask for at most " + fits + " tokens, or give the process more memory.",
                null);
    }
}
