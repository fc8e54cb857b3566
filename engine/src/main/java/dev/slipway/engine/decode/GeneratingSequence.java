package dev.slipway.engine.decode;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.Generation;
import dev.slipway.engine.SamplingOptions;
import dev.slipway.engine.TextEvent;
import dev.slipway.engine.TextEvent.FinishReason;
import dev.slipway.engine.TextEvent.Usage;
import dev.slipway.engine.TextRequest;
import dev.slipway.engine.TokenLogprob;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.grammar.TokenGrammar;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tool.ToolCallParser;
import dev.slipway.engine.tool.ToolCallParser.Piece;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Generates an answer; the scheduler writes events, one reader takes them. */
public final class GeneratingSequence extends Sequence implements Generation {
    private final Sampler sampler;
    private final OptionalInt alternatives;
    private final int leftOutTokens;
    private final Tokenizer tokenizer;
    private final Answer answer;
    private final Guide guide;
    private final Set<Integer> lastTokens;
    private final int vocabularySize;
    private final int maxTokens;
    private final Consumer<Usage> onFinished;

    // The queue is bounded by maxTokens: a few events per token, and one to end with.
    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private volatile boolean cancelled;
    private boolean readerAtEnd;
    private int completionTokens;
    private int chosen;
    private @Nullable TokenLogprob report;
    private @Nullable RuntimeException chooseFailure;
    private long startNanos;
    private long firstTokenNanos;

    /** What passes from the scheduler to the reader. */
    private sealed interface Item {
        record Event(TextEvent event) implements Item {}

        record Failure(EngineException failure) implements Item {}
    }

    /**
     * A request for an answer.
     *
     * @param maxTokens most new tokens, already within what the context leaves
     * @param grammar what the answer keeps to
     * @param onFinished told once, when an answer ends without failure
     */
    public GeneratingSequence(
            int[] prompt,
            int maxTokens,
            TextRequest request,
            Tokenizer tokenizer,
            ToolCallParser parser,
            TokenGrammar grammar,
            Consumer<Usage> onFinished) {
        // The last new token is given out but never put in.
        super(prompt, prompt.length + maxTokens - 1);
        checkBias(request.sampling(), tokenizer);
        this.sampler = new Sampler(request.sampling(), prompt);
        this.alternatives = request.logprobs();
        this.leftOutTokens = request.truncation().leftOutTokens();
        this.tokenizer = tokenizer;
        this.answer = new Answer(tokenizer, request.stop(), parser);
        this.lastTokens = request.ignoreEndOfSequence() ? Set.of() : tokenizer.endOfGeneration();
        this.vocabularySize = tokenizer.vocabularySize();
        this.guide = new Guide(grammar.newRun(), vocabularySize, lastTokens);
        this.maxTokens = maxTokens;
        this.onFinished = onFinished;
    }

    private static void checkBias(SamplingOptions sampling, Tokenizer tokenizer) {
        for (int token : sampling.logitBias().keySet()) {
            if (token >= tokenizer.vocabularySize()) {
                throw EngineException.invalid(
                        "engine.invalid-request",
                        "The logit bias names the token " + token + ", which the model does not have.",
                        "Token ids run from 0 to " + (tokenizer.vocabularySize() - 1) + ".");
            }
        }
    }

    // ---- the reader's side

    @Override
    public Optional<TextEvent> next(Duration patience) {
        if (readerAtEnd) {
            return Optional.empty();
        }
        Item item;
        try {
            item = items.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        return switch (item) {
            case null -> Optional.empty();
            case Item.Event(TextEvent event) -> {
                readerAtEnd = event instanceof TextEvent.Finished;
                yield Optional.of(event);
            }
            case Item.Failure(EngineException failure) -> {
                items.add(item);
                throw failure;
            }
        };
    }

    @Override
    public void cancel() {
        cancelled = true;
        fail(new EngineException("engine.cancelled", ErrorKind.CANCELLED, "The generation was cancelled.", "", null));
    }

    @Override
    public void close() {
        cancel();
    }

    // ---- the scheduler's side

    @Override
    boolean start(KvPool pool) {
        startNanos = System.nanoTime();
        return super.start(pool);
    }

    @Override
    boolean cancelled() {
        return cancelled;
    }

    @Override
    boolean generates() {
        return true;
    }

    @Override
    void onState(float[] states, int offset, int width) {}

    @Override
    void onPromptRead() {
        throw new IllegalStateException("a generation wants logits");
    }

    @Override
    void choose(float[] logits, int offset, Candidates scratch) {
        try {
            TokenMask mask = (values, begin, count) -> guide.restrict(values, begin, maxTokens - completionTokens);
            if (alternatives.isEmpty()) {
                chosen = sampler.sample(logits, offset, vocabularySize, mask, scratch);
            } else {
                Logprobs logprobs = new Logprobs(logits, offset, vocabularySize);
                chosen = sampler.sample(logits, offset, vocabularySize, mask, scratch);
                report = logprobs.of(chosen, alternatives.getAsInt(), tokenizer);
            }
        } catch (RuntimeException e) {
            // Thrown again where the scheduler can tell whose it is.
            chooseFailure = e;
        }
    }

    @Override
    boolean advance() {
        if (chooseFailure != null) {
            throw chooseFailure;
        }
        int token = chosen;
        if (completionTokens == 0) {
            firstTokenNanos = System.nanoTime();
            put(new TextEvent.Started(promptTokens()));
        }
        if (lastTokens.contains(token)) {
            return finish(FinishReason.STOP);
        }
        completionTokens++;
        if (report != null) {
            answer.note(report);
        }
        put(answer.push(token));
        if (answer.stopped() || guide.accept(token)) {
            return finish(FinishReason.STOP);
        }
        if (completionTokens == maxTokens) {
            return finish(FinishReason.LENGTH);
        }
        continueWith(token);
        return true;
    }

    private boolean finish(FinishReason why) {
        put(answer.finish());
        FinishReason reason = guide.shortened() ? FinishReason.LENGTH : why;
        boolean calls = reason == FinishReason.STOP && answer.hasCalls();
        Usage usage = new Usage(
                promptTokens(),
                cachedTokens(),
                leftOutTokens,
                completionTokens,
                Duration.ofNanos(firstTokenNanos - startNanos),
                Duration.ofNanos(System.nanoTime() - firstTokenNanos));
        // Whoever reads that this is done finds its pages free.
        leave();
        if (end()) {
            onFinished.accept(usage);
            items.add(new Item.Event(new TextEvent.Finished(calls ? FinishReason.TOOL_CALLS : reason, usage)));
        }
        return false;
    }

    @Override
    void fail(EngineException failure) {
        if (end()) {
            items.add(new Item.Failure(failure));
        }
    }

    private void put(List<Piece> pieces) {
        List<TokenLogprob> certain = answer.certain();
        if (!certain.isEmpty()) {
            put(new TextEvent.Logprobs(certain, completionTokens));
        }
        for (Piece piece : pieces) {
            put(
                    switch (piece) {
                        case Piece.Content(String text) -> new TextEvent.Content(text, completionTokens);
                        case Piece.Reasoning(String text) -> new TextEvent.Reasoning(text, completionTokens);
                        case Piece.Call(int index, String id, String name, String arguments) ->
                            new TextEvent.ToolCall(index, id, name, arguments, completionTokens);
                    });
        }
    }

    private void put(TextEvent event) {
        if (!ended()) {
            items.add(new Item.Event(event));
        }
    }
}
