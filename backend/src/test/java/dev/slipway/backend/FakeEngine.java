package dev.slipway.backend;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.Embedding;
import dev.slipway.engine.EmbeddingInput;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.EngineMetrics;
import dev.slipway.engine.Generation;
import dev.slipway.engine.ModelInfo;
import dev.slipway.engine.Prompt;
import dev.slipway.engine.Ranking;
import dev.slipway.engine.TextEngine;
import dev.slipway.engine.TextEvent;
import dev.slipway.engine.TextRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An engine that says what a script tells it, one event per permit of its gate. */
final class FakeEngine implements TextEngine {
    /** More permits than any test uses. */
    static final int OPEN = 1_000_000;

    final String name;
    final List<TextRequest> requests = new CopyOnWriteArrayList<>();
    final Semaphore gate = new Semaphore(OPEN);
    /** Which gate a request has to pass; the common one unless a test says otherwise. */
    volatile Function<TextRequest, Semaphore> gates = request -> gate;

    final AtomicInteger produced = new AtomicInteger();
    final AtomicInteger running = new AtomicInteger();
    final CountDownLatch cancelled = new CountDownLatch(1);
    volatile boolean closed;
    volatile String template = "{{ messages }} {% if enable_thinking %}think{% endif %}";
    volatile String toolParser = "hermes: asked for";
    volatile Function<TextRequest, List<TextEvent>> script = request -> words("Paris", " is", " big");

    FakeEngine(String name) {
        this.name = name;
    }

    /** A whole answer of text. */
    static List<TextEvent> words(String... words) {
        List<TextEvent> events = new ArrayList<>();
        events.add(new TextEvent.Started(7));
        for (String word : words) {
            events.add(new TextEvent.Content(word, events.size()));
        }
        events.add(finished(TextEvent.FinishReason.STOP, words.length));
        return events;
    }

    static TextEvent finished(TextEvent.FinishReason reason, int tokens) {
        return new TextEvent.Finished(
                reason, new TextEvent.Usage(7, 4, 2, tokens, Duration.ofMillis(250), Duration.ofMillis(1500)));
    }

    @Override
    public ModelInfo model() {
        return new ModelInfo(
                name,
                "llama",
                512,
                4,
                100,
                1_000,
                4_096,
                "scalar",
                toolParser,
                "think: by default",
                template,
                "the model's own");
    }

    @Override
    public Generation submit(TextRequest request) {
        requests.add(request);
        if (request.prompt() instanceof Prompt.Raw(String text) && text.contains("overflow")) {
            throw EngineException.invalid(
                    "engine.context-overflow", "The prompt has 600 tokens, 512 are allowed.", "Shorten it.");
        }
        running.incrementAndGet();
        return new Script(script.apply(request), gates.apply(request));
    }

    @Override
    public Embedding embed(EmbeddingInput input) {
        return switch (input) {
            case EmbeddingInput.Text(String text) ->
                new Embedding(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, false, text.length());
            case EmbeddingInput.Tokens(List<Integer> tokens) ->
                new Embedding(new float[2 * tokens.size()], true, tokens.size());
        };
    }

    @Override
    public Ranking.Method rankingMethod() {
        return Ranking.Method.CROSS_ENCODER;
    }

    /** Longer documents answer better. */
    @Override
    public Ranking rank(String query, List<String> documents) {
        return new Ranking(
                documents.stream().map(document -> document.length() / 8f).toList(), Ranking.Method.CROSS_ENCODER, 11);
    }

    @Override
    public List<Integer> tokenize(String text) {
        return text.codePoints().boxed().toList();
    }

    @Override
    public String detokenize(List<Integer> tokens) {
        StringBuilder text = new StringBuilder();
        tokens.forEach(text::appendCodePoint);
        return text.toString();
    }

    @Override
    public String render(Prompt.Chat chat) {
        return chat.messages() + " " + chat.templateArguments();
    }

    @Override
    public EngineMetrics metrics() {
        return new EngineMetrics(7, 3, 28, 2.5, running.get());
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Script implements Generation {
        private final List<TextEvent> events;
        private final Semaphore permits;
        private int next;
        private volatile boolean stopped;

        Script(List<TextEvent> events, Semaphore permits) {
            this.events = events;
            this.permits = permits;
        }

        @Override
        public Optional<TextEvent> next(Duration patience) {
            try {
                if (!permits.tryAcquire(Math.min(patience.toMillis(), 50), TimeUnit.MILLISECONDS)) {
                    check();
                    return Optional.empty();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            check();
            produced.incrementAndGet();
            return Optional.of(events.get(next++));
        }

        private void check() {
            if (stopped || closed) {
                throw new EngineException("engine.cancelled", ErrorKind.CANCELLED, "Cancelled.", "", null);
            }
            if (next == events.size()) {
                throw new EngineException("engine.broken", ErrorKind.FAILURE, "The script ended early.", "", null);
            }
        }

        @Override
        public void cancel() {
            stopped = true;
            cancelled.countDown();
        }

        @Override
        public void close() {
            running.decrementAndGet();
        }
    }
}
