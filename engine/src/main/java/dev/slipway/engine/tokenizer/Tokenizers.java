package dev.slipway.engine.tokenizer;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.model.OpenModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Makes tokenizers. */
public final class Tokenizers {
    private Tokenizers() {}

    private static final String TOKENIZER = "tokenizer.json";

    /** Longer than the longest known document by a few times. */
    private static final int MAX_DOCUMENT = 256 << 20;

    /**
     * The tokenizer that a model carries: in the metadata of a GGUF file, in the documents of a Hugging Face folder.
     *
     * @throws EngineException {@code engine.vocabulary-missing} when it carries none, {@code engine.tokenizer-unknown},
     *     {@code engine.tokenizer-unsupported}, {@code engine.pre-tokenizer-unknown} or
     *     {@code engine.pattern-unsupported} when it is of a kind that is not known or needs what is not done here,
     *     {@code engine.vocabulary-invalid} when it contradicts itself
     */
    public static Tokenizer from(OpenModel model) {
        return switch (model.layout()) {
            case GGUF -> of(GgufVocabulary.read(model.metadata()));
            case HUGGING_FACE -> fromDocuments(model.path(), model::document);
        };
    }

    /**
     * The tokenizer of a file or folder, which need not hold a whole model: a GGUF file, a folder with
     * {@code tokenizer.json}, or that document itself.
     *
     * @throws EngineException as {@link #from} does
     * @throws dev.slipway.model.ModelException when the file cannot be read
     */
    public static Tokenizer open(Path path) {
        boolean isDocument = String.valueOf(path.getFileName()).endsWith(".json");
        if (isDocument || Files.exists(path.resolve(TOKENIZER))) {
            Path document = isDocument ? path : path.resolve(TOKENIZER);
            return fromDocuments(path, name -> read(name.equals(TOKENIZER) ? document : document.resolveSibling(name)));
        }
        try (OpenModel model = OpenModel.open(path)) {
            return from(model);
        }
    }

    private static Tokenizer fromDocuments(Path path, Function<String, Optional<byte[]>> documents) {
        byte[] document = documents
                .apply(TOKENIZER)
                .orElseThrow(() -> EngineException.invalid(
                        "engine.vocabulary-missing",
                        "There is no " + TOKENIZER + " in " + path + ".",
                        "Add the model's " + TOKENIZER + "; where there is only a tokenizer.model, convert it first."));
        return HuggingFaceTokenizer.build(JsonPart.parse(TOKENIZER, document), HuggingFaceRoles.read(documents));
    }

    private static Optional<byte[]> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_DOCUMENT + 1);
            if (bytes.length > MAX_DOCUMENT) {
                throw EngineException.invalid(
                        "engine.vocabulary-invalid",
                        "The document " + file + " has more than " + MAX_DOCUMENT + " bytes.",
                        "Name the tokenizer's own document.");
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new EngineException(
                    "engine.vocabulary-missing",
                    ErrorKind.DENIED,
                    "The document " + file + " cannot be read: " + e.getMessage() + ".",
                    "Check that it is a regular file that this user may read.",
                    e);
        }
    }

    /**
     * A tokenizer over a vocabulary.
     *
     * @throws EngineException {@code engine.vocabulary-invalid} when it is not what the algorithm
     *     needs, {@code engine.pre-tokenizer-unknown} when its pre-tokenizer is not known
     */
    public static Tokenizer of(Vocabulary vocabulary) {
        return VocabularyPipeline.build(vocabulary);
    }
}
