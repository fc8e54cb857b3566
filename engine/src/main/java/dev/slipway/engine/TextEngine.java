package dev.slipway.engine;

import java.util.List;

/**
 * A loaded text model: takes requests, several at a time, and answers each with a stream of events.
 *
 * <p>Safe for use by many threads. Closing cancels what runs, waits for it to end and releases the model's memory.
 */
public interface TextEngine extends AutoCloseable {
    /** What was loaded. */
    ModelInfo model();

    /**
     * Queues a request; returns at once.
     *
     * @throws EngineException {@code engine.context-overflow} with the counted and the allowed tokens when the prompt
     *     leaves no room for an answer, {@code engine.invalid-request} when an option is out of range
     */
    Generation submit(TextRequest request);

    /**
     * The vector of an input, or those of its tokens, as {@link EngineOptions#pooling} says.
     *
     * @throws EngineException {@code engine.context-overflow} with the counted and the allowed tokens when it is longer
     *     than the context and {@link EngineOptions#chunking} was not asked for
     */
    Embedding embed(EmbeddingInput input);

    /** The same for a text. */
    default Embedding embed(String text) {
        return embed(new EmbeddingInput.Text(text));
    }

    /**
     * Scores documents by how well they answer a query: with the model's own head for that if it has one, else by how near
     * the vectors lie.
     *
     * @throws EngineException as {@link #embed} does
     */
    Ranking rank(String query, List<String> documents);

    /** How {@link #rank} scores with this model. */
    Ranking.Method rankingMethod();

    /** Token ids of a text; special tokens in it are recognised, none are added. */
    List<Integer> tokenize(String text);

    /** The text of token ids; bytes that are not UTF-8 become U+FFFD. */
    String detokenize(List<Integer> tokens);

    /** The prompt that a chat request would be turned into. */
    String render(Prompt.Chat chat);

    /** Figures since the model was loaded. */
    EngineMetrics metrics();

    @Override
    void close();
}
