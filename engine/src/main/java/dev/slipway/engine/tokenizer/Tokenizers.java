package dev.slipway.engine.tokenizer;

/** Makes tokenizers. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * A tokenizer over a vocabulary.
     *
     * @throws dev.slipway.engine.EngineException {@code engine.vocabulary-invalid} when it is not what the algorithm
     *     needs, {@code engine.pre-tokenizer-unknown} when its pre-tokenizer is not known
     */
    public static Tokenizer of(Vocabulary vocabulary) {
        SegmentEncoder encoder = switch (vocabulary.algorithm()) {
            case BYTE_LEVEL_BPE -> new ByteLevelEncoder(vocabulary);
            case SENTENCE_PIECE_BPE -> new SentencePieceEncoder(vocabulary);
        };
        return new VocabularyTokenizer(vocabulary, encoder);
    }
}
