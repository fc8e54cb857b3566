package dev.slipway.server.openai;

import dev.slipway.protocol.RerankRequest;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A request to order texts by how well they answer a query, in the form that Jina's API has.
 *
 * @param most how many results are wanted at most
 * @param withText whether each result shall hold its text
 */
record RerankQuery(String model, String query, List<String> documents, int most, boolean withText) {
    private static final int MOST_DOCUMENTS = 2048;

    static RerankQuery parse(Fields request) {
        String query = request.requiredString("query");
        if (query.isBlank()) {
            throw ServerException.invalidRequest("query", "The query is empty.", "Send some text.");
        }
        List<String> documents = documents(request);
        if (documents.isEmpty()) {
            throw ServerException.invalidRequest("documents", "There are no documents.", "Send at least one text.");
        }
        return new RerankQuery(
                request.requiredString("model"),
                query,
                documents,
                request.smallInteger("top_n", 1, Integer.MAX_VALUE).orElse(documents.size()),
                request.value("return_documents").isEmpty() || request.flag("return_documents"));
    }

    /** Texts, or objects with a text. */
    private static List<String> documents(Fields request) {
        List<String> documents = new ArrayList<>();
        for (JsonNode document : request.array("documents", MOST_DOCUMENTS)) {
            JsonNode text = document.isObject() ? document.path("text") : document;
            if (!text.isString()) {
                throw request.wrongType("documents", "an array of strings, or of objects with a text");
            }
            documents.add(text.stringValue());
        }
        return documents;
    }

    RerankRequest toRequest(ModelConfig config) {
        return RerankRequest.newBuilder()
                .setQuery(query)
                .addAllDocuments(documents)
                .setTopN(most)
                .setModelIdentity(config.model())
                .build();
    }
}
