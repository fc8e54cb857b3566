package dev.slipway.engine.decode;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.Generation;
import dev.slipway.engine.TextEvent;
import dev.slipway.engine.TextEvent.FinishReason;
import dev.slipway.engine.TextEvent.Usage;
import dev.slipway.engine.TextRequest;
import dev.slipway.engine.grammar.TokenGrammar;
import dev.slipway.engine.model.ModelShape;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tool.ToolCallParser;
import dev.slipway.engine.tool.ToolCallParser.Piece;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Generates an answer; the scheduler writes events, one reader takes them. */
public final class GeneratingSequence extends Sequence implements Generation {
    private final Sampler sampler;
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
        this.sampler = new Sampler(request.sampling());
        this.answer = new Answer(tokenizer, request.stop(), parser);
        this.lastTokens = request.ignoreEndOfSequence() ? Set.of() : tokenizer.endOfGeneration();
        this.vocabularySize = tokenizer.vocabularySize();
        this.guide = new Guide(grammar.newRun(), vocabularySize, lastTokens);
        this.maxTokens = maxTokens;
        this.onFinished = onFinished;
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
    void start(ModelShape shape) {
        super.start(shape);
        startNanos = System.nanoTime();
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
    boolean onLogits(float[] logits, int offset) {
        guide.restrict(logits, offset, maxTokens - completionTokens);
        int token = sampler.sample(logits, offset, vocabularySize);
        if (completionTokens == 0) {
            firstTokenNanos = System.nanoTime();
            put(new TextEvent.Started(promptTokens()));
        }
        if (lastTokens.contains(token)) {
            return finish(FinishReason.STOP);
        }
        completionTokens++;
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
                completionTokens,
                Duration.ofNanos(firstTokenNanos - startNanos),
                Duration.ofNanos(System.nanoTime() - firstTokenNanos));
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
