package dev.slipway.engine;

import dev.slipway.engine.TextEvent.Usage;
import dev.slipway.engine.embedding.Embedder;
import dev.slipway.engine.embedding.Pooler;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.model.TextEncoder;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tokenizer.Tokenizers;
import dev.slipway.model.OpenModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** A loaded encoder: makes vectors and scores, writes nothing. Texts are read one after the other, each on all threads. */
final class EncoderEngine implements TextEngine {
    private final OpenModel file;
    private final Compute compute;
    private final TextEncoder encoder;
    private final Tokenizer tokenizer;
    private final Embedder embedder;
    private final ModelInfo info;
    private final Totals totals = new Totals();
    private final AtomicInteger running = new AtomicInteger();

    /** Guards the encoder, and whether it has been closed. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private boolean closed;

    private EncoderEngine(
            OpenModel file,
            Compute compute,
            TextEncoder encoder,
            Tokenizer tokenizer,
            EngineOptions options,
            ModelInfo info) {
        this.file = file;
        this.compute = compute;
        this.encoder = encoder;
        this.tokenizer = tokenizer;
        this.info = info;
        this.embedder = new Embedder(
                tokenizer,
                info.contextLength(),
                options.pooling()
                        .orElseGet(() ->
                                Pooling.wanted(file).orElse(encoder.labelCount() > 0 ? Pooling.CLS : Pooling.MEAN)),
                options.chunking(),
                this::vectors);
    }

    /** Puts the parts of an open model together; they are closed with the engine. */
    static TextEngine load(OpenModel file, EngineOptions options, Compute compute) {
        Tokenizer tokenizer = Tokenizers.from(file);
        TextEncoder encoder = TextEncoder.of(file, compute, options.storage().weightForm());
        try {
            TextEngines.requireWeights(file, tokenizer, encoder.weights().vocabularySize());
            int own = encoder.contextLength();
            ModelInfo info = new ModelInfo(
                    file.name(),
                    file.architecture(),
                    options.contextLength() == 0 ? own : Math.min(own, options.contextLength()),
                    encoder.width(),
                    encoder.weights().vocabularySize(),
                    encoder.weights().parameters(),
                    encoder.weights().bytes(),
                    compute.provider().name(),
                    "none: it writes no answers",
                    "none: it writes no answers",
                    "",
                    "");
            return new EncoderEngine(file, compute, encoder, tokenizer, options, info);
        } catch (RuntimeException | Error e) {
            encoder.close();
            throw e;
        }
    }

    @Override
    public ModelInfo model() {
        return info;
    }

    @Override
    public Generation submit(TextRequest request) {
        throw noText();
    }

    @Override
    public String render(Prompt.Chat chat) {
        throw noText();
    }

    private EngineException noText() {
        return EngineException.invalid(
                "engine.cannot-generate",
                "The model " + info.name() + " makes vectors and scores and writes no text.",
                "Ask it for embeddings or a ranking, or use a model that was made to write.");
    }

    @Override
    public Embedding embed(EmbeddingInput input) {
        Embedding embedding = embedder.embed(input);
        totals.add(Usage.ofPrompt(embedding.promptTokens()));
        return embedding;
    }

    @Override
    public Ranking rank(String query, List<String> documents) {
        Ranking ranking = rankingMethod() == Ranking.Method.CROSS_ENCODER
                ? judge(query, documents)
                : embedder.rank(query, documents);
        totals.add(Usage.ofPrompt(ranking.promptTokens()));
        return ranking;
    }

    @Override
    public Ranking.Method rankingMethod() {
        return encoder.labelCount() == 0 ? Ranking.Method.EMBEDDING_SIMILARITY : Ranking.Method.CROSS_ENCODER;
    }

    /** Lets the model read the query with each document; of a document that is cut, the best part counts. */
    private Ranking judge(String query, List<String> documents) {
        if (encoder.labelCount() != 1) {
            throw EngineException.invalid(
                    "engine.cannot-rank",
                    "The model " + info.name() + " gives " + encoder.labelCount() + " scores, and a ranking needs one.",
                    "Use a model that was made for reranking.");
        }
        int[] asked = tokenizer.encode(query, false);
        int around = tokenizer.framePair(asked, new int[0]).tokens().length;
        List<Float> scores = new ArrayList<>();
        int promptTokens = 0;
        for (String document : documents) {
            int[] given = tokenizer.encode(document, false);
            List<int[]> parts = around + given.length <= info.contextLength()
                    ? List.of(given)
                    : embedder.chunks(given, around + given.length, around);
            float best = 0;
            for (int[] part : parts) {
                Tokenizer.Pair pair = tokenizer.framePair(asked, part);
                promptTokens += pair.tokens().length;
                best = Math.max(best, score(pair));
            }
            scores.add(best);
        }
        return new Ranking(scores, Ranking.Method.CROSS_ENCODER, promptTokens);
    }

    private float score(Tokenizer.Pair pair) {
        return inTurn(() ->
                (float) (1 / (1 + Math.exp(-encoder.labels(encoder.states(pair.tokens(), pair.types()))[0]))));
    }

    private float[] vectors(int[] tokens, Pooling pooling) {
        return inTurn(() -> {
            float[] states = encoder.states(tokens, new int[tokens.length]);
            Pooler pooler = new Pooler(pooling, encoder.width());
            for (int row = 0; row < tokens.length; row++) {
                pooler.add(states, row * encoder.width());
            }
            return pooler.vectors();
        });
    }

    private interface Work<T> {
        T run();
    }

    private <T> T inTurn(Work<T> work) {
        running.incrementAndGet();
        turn.lock();
        try {
            if (closed) {
                throw EngineException.closed();
            }
            return work.run();
        } finally {
            turn.unlock();
            running.decrementAndGet();
        }
    }

    @Override
    public List<Integer> tokenize(String text) {
        return Arrays.stream(tokenizer.encode(text, true)).boxed().toList();
    }

    @Override
    public String detokenize(List<Integer> tokens) {
        return tokenizer.decode(embedder.checked(tokens));
    }

    @Override
    public EngineMetrics metrics() {
        return totals.metrics(running.get());
    }

    @Override
    public void close() {
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                encoder.close();
                compute.close();
                file.close();
            }
        } finally {
            turn.unlock();
        }
    }
}
