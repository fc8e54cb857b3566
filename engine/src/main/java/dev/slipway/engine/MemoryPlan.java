package dev.slipway.engine;

import dev.slipway.base.ByteSize;
import dev.slipway.base.ErrorKind;
import dev.slipway.engine.decode.PassSizes;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.PageForm;
import dev.slipway.engine.model.ModelShape;
import dev.slipway.engine.model.WeightNeeds;
import dev.slipway.model.HostMemory;
import dev.slipway.model.MemoryEstimate;
import dev.slipway.model.OpenModel;
import java.lang.System.Logger.Level;

/**
 * How a model is fitted into the memory there is, told from its header before any of it is allocated.
 *
 * @param context most tokens of one request
 * @param form what a page of the KV cache holds
 * @param pages the most that the KV cache grows to
 */
record MemoryPlan(int context, PageForm form, long pages, MemoryEstimate estimate) {
    private static final System.Logger LOG = System.getLogger(MemoryPlan.class.getName());

    /** What the Java runtime grows by while a model is loaded and run: compiled code, threads, the heap's own needs. */
    private static final long RUNTIME_BYTES = 64L << 20;

    /** The share of the memory left beside the weights that one request's context may need. */
    private static final double SHARE_OF_ONE = 0.9;

    /** The share that the whole cache may grow to, and what is taken when nobody asks for a context. */
    private static final double SHARE_OF_ALL = 0.5;

    /**
     * Makes a plan.
     *
     * @throws EngineException {@code engine.out-of-memory} with all figures when the weights do not fit, or not the context
     *     that was asked for
     */
    static MemoryPlan of(OpenModel model, EngineOptions options, Compute compute, HostMemory memory) {
        ModelShape shape = ModelShape.of(model);
        PageForm form =
                shape.pageForm(options.storage().keyType(), options.storage().valueType());
        WeightNeeds weights = WeightNeeds.of(model, compute, options.storage().weightForm());
        long buffers = RUNTIME_BYTES + PassSizes.bytes(shape, vocabulary(model), options.slots());
        MemoryEstimate least = new MemoryEstimate(weights.mapped(), weights.packed(), form.bytes(), buffers);
        long available = memory.available();
        if (least.total() > available) {
            throw refused(
                    model,
                    least,
                    available,
                    "Use a smaller quantisation of the model, or give the process more memory.");
        }
        long room = available - least.fixed();
        int context = context(model, shape.contextLength(), options, form, room, least, available);
        long single = PageForm.pages(context);
        long all = Math.min(options.slots() * single, (long) (room * SHARE_OF_ALL) / form.bytes());
        long pages = Math.max(single, all);
        MemoryEstimate estimate = new MemoryEstimate(weights.mapped(), weights.packed(), pages * form.bytes(), buffers);
        LOG.log(Level.DEBUG, "{0} needs {1} of {2}", model.path(), estimate, new ByteSize(available));
        return new MemoryPlan(context, form, pages, estimate);
    }

    private static long vocabulary(OpenModel model) {
        return model.tensor("token_embd.weight").map(tensor -> tensor.rows()).orElse(0L);
    }

    /** As asked for, up to the model's own; without a wish, no more than fits well. */
    private static int context(
            OpenModel model,
            int own,
            EngineOptions options,
            PageForm form,
            long room,
            MemoryEstimate least,
            long available) {
        boolean asked = options.contextLength() > 0;
        int wanted = asked ? Math.min(own, options.contextLength()) : own;
        long fits = (long) (room * (asked ? SHARE_OF_ONE : SHARE_OF_ALL)) / form.bytes() * KernelProvider.PAGE;
        if (wanted <= fits) {
            return wanted;
        }
        if (!asked) {
            int shorter = Math.clamp(fits, Math.min(own, KernelProvider.PAGE), own);
            LOG.log(Level.DEBUG, "context of {0} shortened to the {1} tokens that memory allows", own, shorter);
            return shorter;
        }
        MemoryEstimate needed = new MemoryEstimate(least.mapped(), least.packed(), form.bytes(wanted), least.buffers());
        throw refused(
                model,
                needed,
                available,
                "Ask for at most " + fits + " tokens of context instead of " + wanted
                        + ", keep the KV cache in q8_0, or give the process more memory.");
    }

    private static EngineException refused(OpenModel model, MemoryEstimate needed, long available, String hint) {
        return new EngineException(
                "engine.out-of-memory",
                ErrorKind.EXHAUSTED,
                "The model " + model.path() + " needs " + needed + ", and there is room for " + new ByteSize(available)
                        + ".",
                hint,
                null);
    }
}
