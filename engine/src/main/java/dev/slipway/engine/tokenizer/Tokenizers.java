package dev.slipway.engine.tokenizer;

import dev.slipway.model.OpenModel;

/** Makes tokenizers. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * The tokenizer that a model file carries.
     *
     * @throws dev.slipway.engine.EngineException {@code engine.vocabulary-missing} when it carries none,
     *     {@code engine.tokenizer-unknown} or {@code engine.pre-tokenizer-unknown} when it is of a kind that is not known,
     *     {@code engine.vocabulary-invalid} when it contradicts itself
     */
    public static Tokenizer from(OpenModel model) {
        return of(GgufVocabulary.read(model.metadata()));
    }

    /**
     * A tokenizer over a vocabulary.
     *
     * @throws dev.slipway.engine.EngineException {@code engine.vocabulary-invalid} when it is not what the algorithm
     *     needs, {@code engine.pre-tokenizer-unknown} when its pre-tokenizer is not known
     */
    public static Tokenizer of(Vocabulary vocabulary) {
        return VocabularyPipeline.build(vocabulary);
    }
}
