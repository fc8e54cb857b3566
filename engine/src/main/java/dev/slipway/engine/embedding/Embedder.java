package dev.slipway.engine.embedding;

import dev.slipway.engine.Embedding;
import dev.slipway.engine.EmbeddingInput;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.Pooling;
import dev.slipway.engine.Ranking;
import dev.slipway.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is the same for every model that makes vectors: the tokens around a text, the refusal of one that is too long or its
 * cutting into parts, and comparing.
 *
 * <p>Parts are about equally long, each framed like a text of its own; their vectors are averaged by the number of tokens.
 */
public final class Embedder {
    private final Tokenizer tokenizer;
    private final int contextLength;
    private final Pooling pooling;
    private final boolean chunking;
    private final Reader reader;

    /** Lets a model read tokens and pools the states; gives vectors of length 1, row by row. */
    @FunctionalInterface
    public interface Reader {
        float[] read(int[] tokens, Pooling pooling);
    }

    public Embedder(Tokenizer tokenizer, int contextLength, Pooling pooling, boolean chunking, Reader reader) {
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
        this.pooling = pooling;
        this.chunking = chunking;
        this.reader = reader;
    }

    /** The vector of an input, or those of its tokens. */
    public Embedding embed(EmbeddingInput input) {
        return embed(tokens(input), pooling);
    }

    private int[] tokens(EmbeddingInput input) {
        return switch (input) {
            case EmbeddingInput.Text(String text) -> tokenizer.encode(text, false);
            case EmbeddingInput.Tokens(List<Integer> tokens) -> checked(tokens);
        };
    }

    /** Token ids of which each is one of the model's. */
    public int[] checked(List<Integer> tokens) {
        for (int token : tokens) {
            if (token < 0 || token >= tokenizer.vocabularySize()) {
                throw EngineException.invalid(
                        "engine.invalid-request",
                        "The model has no token " + token + ".",
                        "Token ids run from 0 to " + (tokenizer.vocabularySize() - 1) + ".");
            }
        }
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    private Embedding embed(int[] tokens, Pooling way) {
        int[] framed = tokenizer.frame(tokens);
        if (framed.length == 0) {
            throw EngineException.invalid("engine.invalid-request", "The text is empty.", "Send some text.");
        }
        if (framed.length <= contextLength) {
            float[] vectors = reader.read(framed, way);
            return new Embedding(vectors, way == Pooling.NONE, framed.length);
        }
        List<float[]> vectors = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>();
        for (int[] chunk : chunks(tokens, framed.length, framed.length - tokens.length)) {
            int[] part = tokenizer.frame(chunk);
            vectors.add(reader.read(part, way));
            lengths.add(part.length);
        }
        int promptTokens = lengths.stream().mapToInt(Integer::intValue).sum();
        return way == Pooling.NONE
                ? new Embedding(joined(vectors), true, promptTokens)
                : new Embedding(averaged(vectors, lengths), false, promptTokens);
    }

    /**
     * Cuts tokens into parts that fit beside what is put around each.
     *
     * @param counted tokens of the whole, for the message when cutting was not asked for
     * @param around tokens that are put around each part
     */
    public List<int[]> chunks(int[] tokens, int counted, int around) {
        int room = contextLength - around;
        if (!chunking || room < 1) {
            throw EngineException.invalid(
                    "engine.context-overflow",
                    "The text has " + counted + " tokens, and the model reads at most " + contextLength + ".",
                    "Shorten it, or load the model with the option long_input:chunk.");
        }
        int parts = Math.ceilDiv(tokens.length, room);
        List<int[]> chunks = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int from = (int) ((long) tokens.length * i / parts);
            chunks.add(Arrays.copyOfRange(tokens, from, (int) ((long) tokens.length * (i + 1) / parts)));
        }
        return chunks;
    }

    private static float[] joined(List<float[]> vectors) {
        float[] all = new float[vectors.stream().mapToInt(rows -> rows.length).sum()];
        int at = 0;
        for (float[] rows : vectors) {
            System.arraycopy(rows, 0, all, at, rows.length);
            at += rows.length;
        }
        return all;
    }

    private static float[] averaged(List<float[]> vectors, List<Integer> weights) {
        double[] sum = new double[vectors.getFirst().length];
        for (int v = 0; v < vectors.size(); v++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (double) weights.get(v) * vectors.get(v)[i];
            }
        }
        float[] average = new float[sum.length];
        Pooler.unit(sum, average, 0);
        return average;
    }

    /** How near documents lie to a query: the cosine of the angle between their vectors. */
    public Ranking rank(String query, List<String> documents) {
        Pooling way = pooling == Pooling.NONE ? Pooling.MEAN : pooling;
        Embedding asked = embed(tokenizer.encode(query, false), way);
        int promptTokens = asked.promptTokens();
        List<Float> scores = new ArrayList<>();
        for (String document : documents) {
            Embedding given = embed(tokenizer.encode(document, false), way);
            promptTokens += given.promptTokens();
            scores.add(product(asked.values(), given.values()));
        }
        return new Ranking(scores, Ranking.Method.EMBEDDING_SIMILARITY, promptTokens);
    }

    private static float product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return (float) sum;
    }
}
