package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import dev.slipway.engine.EmbeddingInput;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.RerankRequest;

/** Requests for vectors and rankings → the engine's terms. */
public final class VectorRequests {
    private static final int MOST_DOCUMENTS = 10_000;

    private VectorRequests() {}

    /** The text in {@code Embeddings}, or else the tokens in {@code EmbeddingTokens}. */
    public static EmbeddingInput input(PredictOptions request) {
        if (request.getImagesCount() > 0) {
            throw BackendException.unsupported("Images", "This backend reads text only.");
        }
        if (request.getEmbeddingTokensCount() == 0) {
            return new EmbeddingInput.Text(request.getEmbeddings());
        }
        if (!request.getEmbeddings().isEmpty()) {
            throw BackendException.invalid(
                    "The request sets both Embeddings and EmbeddingTokens.", "Send a text or its tokens.");
        }
        return new EmbeddingInput.Tokens(request.getEmbeddingTokensList());
    }

    /** Refuses a ranking of nothing, and of too much. */
    public static void check(RerankRequest request) {
        if (request.getQuery().isBlank()) {
            throw BackendException.invalid("The query is empty.", "Send some text.");
        }
        int count = request.getDocumentsCount();
        if (count < 1 || count > MOST_DOCUMENTS) {
            throw BackendException.invalid(
                    "There are " + count + " documents.", "Send 1 to " + MOST_DOCUMENTS + " of them.");
        }
    }
}
