package dev.slipway.server.openai;

import dev.slipway.base.ErrorKind;
import dev.slipway.protocol.EmbeddingLayout;
import dev.slipway.protocol.EmbeddingResult;
import dev.slipway.server.ServerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Vectors of a backend → the form that clients asked for. */
final class EmbeddingVectors {
    private EmbeddingVectors() {}

    /** The one vector for the input: as it came, or the mean of one per token, scaled to length 1. */
    static float[] pooled(EmbeddingResult result) {
        int count = result.getEmbeddingsCount();
        if (count == 0) {
            throw new ServerException(
                    "server.empty-embedding",
                    ErrorKind.FAILURE,
                    "The backend answered with an empty vector.",
                    "Use a model that is made for embeddings.",
                    null);
        }
        int width = result.getDim();
        boolean perToken = result.getLayout() == EmbeddingLayout.EMBEDDING_LAYOUT_PER_TOKEN
                && width > 0
                && width < count
                && count % width == 0;
        float[] vector = new float[perToken ? width : count];
        for (int i = 0; i < count; i++) {
            vector[i % vector.length] += result.getEmbeddings(i);
        }
        return perToken ? unit(vector) : vector;
    }

    private static float[] unit(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += (double) value * value;
        }
        double length = Math.sqrt(square);
        for (int i = 0; length > 0 && i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }

    /** An array of numbers, or the base64 of little-endian 32-bit floats. */
    static JsonNode toJson(float[] vector, boolean base64) {
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            return JsonBodies.string(Base64.getEncoder().encodeToString(bytes.array()));
        }
        ArrayNode array = JsonBodies.array();
        for (float value : vector) {
            array.add(value);
        }
        return array;
    }
}
