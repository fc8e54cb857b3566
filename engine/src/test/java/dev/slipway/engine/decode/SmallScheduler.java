package dev.slipway.engine.decode;

import dev.slipway.engine.Prompt;
import dev.slipway.engine.SamplingOptions;
import dev.slipway.engine.TextEvent;
import dev.slipway.engine.TextRequest;
import dev.slipway.engine.TinyModel;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.grammar.TokenGrammar;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.model.TextModel;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tokenizer.Tokenizers;
import dev.slipway.engine.tool.ToolCallParser;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A scheduler over a tiny model, whose parts tests can look at. */
final class SmallScheduler implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CONTEXT = 4096;

    final Compute compute = new Compute(KernelProviders.choose("auto").provider(), 2);
    final KvPool pool;
    final Scheduler scheduler;
    private final OpenModel file;
    private final Tokenizer tokenizer;

    /** A whole answer. */
    record Read(String text, TextEvent.Usage usage) {}

    SmallScheduler(Path folder, int slots, int pages, PassListener listener) throws IOException {
        file = OpenModel.open(new TinyModel("qwen2", QuantisationType.Q8_0, true, CONTEXT, 7).writeTo(folder));
        TextModel model = TextModel.of(file, compute);
        tokenizer = Tokenizers.from(file);
        pool = new KvPool(model.shape().pageForm(CacheType.F16, CacheType.F16), pages);
        scheduler = new Scheduler(model, compute, slots, pool, listener);
    }

    /** Queues a request that is never ended by the model itself; seeded with the prompt's length. */
    GeneratingSequence submit(String prompt, int tokens) {
        SamplingOptions sampling = new SamplingOptions(1, 0, 0.95f, 0, OptionalLong.of(prompt.length()));
        TextRequest request =
                new TextRequest(new Prompt.Raw(prompt), sampling, OptionalInt.of(tokens), List.of(), true);
        GeneratingSequence sequence = new GeneratingSequence(
                tokenizer.encode(prompt, false),
                tokens,
                request,
                tokenizer,
                ToolCallParser.none(),
                TokenGrammar.ANY,
                usage -> {});
        scheduler.submit(sequence);
        return sequence;
    }

    static Read read(GeneratingSequence sequence) {
        StringBuilder text = new StringBuilder();
        while (true) {
            switch (sequence.next(PATIENCE).orElseThrow()) {
                case TextEvent.Content content -> text.append(content.text());
                case TextEvent.Finished finished -> {
                    return new Read(text.toString(), finished.usage());
                }
                case TextEvent.Started _, TextEvent.Reasoning _, TextEvent.ToolCall _, TextEvent.Logprobs _ -> {}
            }
        }
    }

    @Override
    public void close() {
        scheduler.close();
        pool.close();
        compute.close();
        file.close();
    }
}
