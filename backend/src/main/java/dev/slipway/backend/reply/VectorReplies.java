package dev.slipway.backend.reply;

import dev.slipway.engine.Embedding;
import dev.slipway.engine.Ranking;
import dev.slipway.protocol.DocumentResult;
import dev.slipway.protocol.EmbeddingLayout;
import dev.slipway.protocol.EmbeddingResult;
import dev.slipway.protocol.RerankRequest;
import dev.slipway.protocol.RerankResult;
import dev.slipway.protocol.Usage;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Vectors and rankings in the contract's messages. */
public final class VectorReplies {
    private VectorReplies() {}

    /** Vectors row by row; one for the whole text has a layout of its own, however long the text is. */
    public static EmbeddingResult of(Embedding embedding) {
        EmbeddingResult.Builder result = EmbeddingResult.newBuilder()
                .setTokens(embedding.vectors())
                .setDim(embedding.width())
                .setPromptTokens(embedding.promptTokens())
                .setLayout(
                        embedding.perToken()
                                ? EmbeddingLayout.EMBEDDING_LAYOUT_PER_TOKEN
                                : EmbeddingLayout.EMBEDDING_LAYOUT_FINAL);
        for (float value : embedding.values()) {
            result.addEmbeddings(value);
        }
        return result.build();
    }

    /** The best first; of equal ones, the one that was given first. */
    public static RerankResult of(RerankRequest request, Ranking ranking) {
        int count = request.getDocumentsCount();
        int wanted = request.getTopN() < 1 ? count : Math.min(count, request.getTopN());
        RerankResult.Builder result = RerankResult.newBuilder()
                .setUsage(Usage.newBuilder()
                        .setPromptTokens(ranking.promptTokens())
                        .setTotalTokens(ranking.promptTokens()));
        IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparing(ranking.scores()::get, Comparator.reverseOrder()))
                .limit(wanted)
                .forEach(index -> result.addResults(DocumentResult.newBuilder()
                        .setIndex(index)
                        .setText(request.getDocuments(index))
                        .setRelevanceScore(ranking.scores().get(index))));
        return result.build();
    }
}
