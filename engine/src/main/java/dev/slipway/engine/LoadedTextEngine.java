package dev.slipway.engine;

import dev.slipway.engine.TextEvent.Usage;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.decode.EmbeddingSequence;
import dev.slipway.engine.decode.GeneratingSequence;
import dev.slipway.engine.decode.Scheduler;
import dev.slipway.engine.embedding.Embedder;
import dev.slipway.engine.grammar.TokenGrammar;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.template.ChatTemplate;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tool.AnswerForm;
import dev.slipway.engine.tool.DeclaredTools;
import dev.slipway.engine.tool.ToolCallParser;
import dev.slipway.model.OpenModel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The text side and the calculating side of one loaded model, put together. */
final class LoadedTextEngine implements TextEngine {
    private static final Duration EMBEDDING_PATIENCE = Duration.ofMinutes(10);

    private final OpenModel file;
    private final Compute compute;
    private final KvPool pool;
    private final Scheduler scheduler;
    private final Tokenizer tokenizer;
    private final ChatPrompts prompts;
    private final AnswerForm answers;
    private final Embedder embedder;
    private final ModelInfo info;
    private final Constraints constraints;
    private final Totals totals = new Totals();
    private final AtomicBoolean closed = new AtomicBoolean();

    LoadedTextEngine(
            OpenModel file,
            Compute compute,
            KvPool pool,
            Scheduler scheduler,
            Tokenizer tokenizer,
            ChatPrompts prompts,
            AnswerForm answers,
            EngineOptions options,
            ModelInfo info) {
        this.file = file;
        this.compute = compute;
        this.pool = pool;
        this.scheduler = scheduler;
        this.tokenizer = tokenizer;
        this.prompts = prompts;
        this.answers = answers;
        this.info = info;
        this.embedder = new Embedder(
                tokenizer,
                info.contextLength(),
                options.pooling().orElseGet(() -> Pooling.wanted(file).orElse(Pooling.MEAN)),
                options.chunking(),
                this::readStates);
        this.constraints = new Constraints(tokenizer, answers);
    }

    @Override
    public ModelInfo model() {
        return info;
    }

    @Override
    public Generation submit(TextRequest asked) {
        TextRequest request = PromptShortener.fitted(asked, info.contextLength(), this::count);
        ToolCallParser parser;
        TokenGrammar grammar;
        int[] prompt;
        switch (request.prompt()) {
            case Prompt.Raw(String text) -> {
                prompt = promptTokens(tokenizer.encode(text, true));
                parser = ToolCallParser.none();
                grammar = constraints.ofText(request.constraint());
            }
            case Prompt.Chat chat -> {
                ChatTemplate.Rendered rendered = prompts.render(chat);
                prompt = promptTokens(tokenizer.encode(rendered.text(), rendered.written()));
                parser = answers.newParser(DeclaredTools.of(chat.tools()), rendered);
                grammar = constraints.ofChat(request.constraint(), chat, rendered);
            }
        }
        int room = info.contextLength() - prompt.length;
        if (room < 1) {
            throw overflow(prompt.length, info.contextLength() - 1, "prompt");
        }
        int maxTokens = Math.min(room, request.maxTokens().orElse(room));
        GeneratingSequence sequence =
                new GeneratingSequence(prompt, maxTokens, request, tokenizer, parser, grammar, totals::add);
        scheduler.submit(sequence);
        return sequence;
    }

    @Override
    public Embedding embed(EmbeddingInput input) {
        Embedding embedding = embedder.embed(input);
        totals.add(Usage.ofPrompt(embedding.promptTokens()));
        return embedding;
    }

    @Override
    public Ranking rank(String query, List<String> documents) {
        Ranking ranking = embedder.rank(query, documents);
        totals.add(Usage.ofPrompt(ranking.promptTokens()));
        return ranking;
    }

    @Override
    public Ranking.Method rankingMethod() {
        return Ranking.Method.EMBEDDING_SIMILARITY;
    }

    private float[] readStates(int[] tokens, Pooling pooling) {
        EmbeddingSequence sequence = new EmbeddingSequence(tokens, pooling);
        scheduler.submit(sequence);
        return sequence.await(EMBEDDING_PATIENCE);
    }

    private int count(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Raw(String text) -> promptTokens(tokenizer.encode(text, true)).length;
            case Prompt.Chat chat -> {
                ChatTemplate.Rendered rendered = prompts.render(chat);
                yield promptTokens(tokenizer.encode(rendered.text(), rendered.written())).length;
            }
        };
    }

    /** Tokens of a prompt; the beginning of a sequence is put in front when the model expects one and none is there. */
    private int[] promptTokens(int[] tokens) {
        if (tokenizer.addBos() && tokenizer.bos().isPresent()) {
            int bos = tokenizer.bos().getAsInt();
            if (tokens.length == 0 || tokens[0] != bos) {
                int[] longer = new int[tokens.length + 1];
                longer[0] = bos;
                System.arraycopy(tokens, 0, longer, 1, tokens.length);
                return longer;
            }
        }
        if (tokens.length == 0) {
            throw EngineException.invalid("engine.invalid-request", "The prompt is empty.", "Send some text.");
        }
        return tokens;
    }

    private static EngineException overflow(int counted, int allowed, String what) {
        return EngineException.invalid(
                "engine.context-overflow",
                "The " + what + " has " + counted + " tokens, and the context allows " + allowed + ".",
                "Shorten it, or load the model with a longer context if it has one.");
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
    public String render(Prompt.Chat chat) {
        return prompts.render(chat).text();
    }

    @Override
    public EngineMetrics metrics() {
        return totals.metrics(scheduler.active());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            scheduler.close();
            pool.close();
            compute.close();
            file.close();
        }
    }
}
