package dev.slipway.engine;

/**
 * What is known of a loaded model.
 *
 * @param name the model's own name, or its file's
 * @param architecture such as {@code llama} or {@code qwen2}
 * @param contextLength most tokens of prompt and answer together
 * @param embeddingLength width of the hidden state and of embeddings
 * @param vocabularySize number of token ids
 * @param parameterCount number of weights
 * @param memoryBytes bytes held by weights and the KV cache
 * @param provider the kernel provider that runs it: {@code scalar} or {@code vector}
 * @param toolParser the tool-call form that answers are read with, and why it was chosen
 * @param reasoningParser the way of marking thinking that answers are read with, and why it was chosen
 * @param chatTemplate the chat template that conversations are rendered with
 * @param chatTemplateOrigin whether that is the model's own or stands in for a missing one, in words
 */
public record ModelInfo(
        String name,
        String architecture,
        int contextLength,
        int embeddingLength,
        int vocabularySize,
        long parameterCount,
        long memoryBytes,
        String provider,
        String toolParser,
        String reasoningParser,
        String chatTemplate,
        String chatTemplateOrigin) {}
