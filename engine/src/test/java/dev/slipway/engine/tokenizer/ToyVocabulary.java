package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.Vocabulary.Algorithm;
import dev.slipway.engine.tokenizer.split.ByteAlphabet;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Small vocabularies for tests. */
final class ToyVocabulary {
    private final Algorithm algorithm;
    private final List<String> tokens = new ArrayList<>();
    private final List<TokenKind> kinds = new ArrayList<>();
    private final List<Float> scores = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();
    private String preTokenizer = "gpt-2";
    private OptionalInt unknown = OptionalInt.empty();
    private boolean addSpacePrefix;

    private ToyVocabulary(Algorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** All 256 bytes, ids 0 to 255 in the order of the bytes. */
    static ToyVocabulary byteLevel() {
        ToyVocabulary toy = new ToyVocabulary(Algorithm.BYTE_LEVEL_BPE);
        for (int value = 0; value < 256; value++) {
            toy.token(String.valueOf(ByteAlphabet.letter(value)), TokenKind.NORMAL);
        }
        return toy;
    }

    /** No token at all. */
    static ToyVocabulary empty(Algorithm algorithm) {
        return new ToyVocabulary(algorithm);
    }

    /** {@code <unk>} as 0, {@code <s>} as 1, {@code </s>} as 2 and the byte tokens from 3 on. */
    static ToyVocabulary sentencePiece() {
        ToyVocabulary toy = new ToyVocabulary(Algorithm.SENTENCE_PIECE_BPE);
        toy.token("<unk>", TokenKind.UNKNOWN).token("<s>", TokenKind.CONTROL).token("</s>", TokenKind.CONTROL);
        for (int value = 0; value < 256; value++) {
            toy.token(String.format("<0x%02X>", value), TokenKind.BYTE);
        }
        toy.unknown = OptionalInt.of(0);
        toy.addSpacePrefix = true;
        return toy;
    }

    ToyVocabulary token(String text, TokenKind kind) {
        return token(text, kind, 0);
    }

    ToyVocabulary token(String text, TokenKind kind, float score) {
        tokens.add(text);
        kinds.add(kind);
        scores.add(score);
        return this;
    }

    /** Merges two tokens into one more, unless that one is there already. */
    ToyVocabulary merge(String left, String right) {
        merges.add(left + " " + right);
        return tokens.contains(left + right) ? this : token(left + right, TokenKind.NORMAL);
    }

    /** A merge whose result is not a token. */
    ToyVocabulary mergeWithoutToken(String left, String right) {
        merges.add(left + " " + right);
        return this;
    }

    ToyVocabulary preTokenizer(String name) {
        preTokenizer = name;
        return this;
    }

    ToyVocabulary withoutSpacePrefix() {
        addSpacePrefix = false;
        return this;
    }

    ToyVocabulary unknown(int id) {
        unknown = OptionalInt.of(id);
        return this;
    }

    int id(String token) {
        return tokens.indexOf(token);
    }

    Vocabulary vocabulary() {
        float[] weights = new float[scores.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = scores.get(i);
        }
        SpecialTokens special =
                new SpecialTokens(OptionalInt.empty(), OptionalInt.empty(), unknown, Set.of(), false, addSpacePrefix);
        return new Vocabulary(algorithm, preTokenizer, tokens, kinds, weights, merges, special);
    }

    Tokenizer tokenizer() {
        return Tokenizers.of(vocabulary());
    }

    /** The texts of tokens, by id. */
    List<String> texts(int[] ids) {
        List<String> texts = new ArrayList<>();
        for (int id : ids) {
            texts.add(tokens.get(id));
        }
        return texts;
    }
}
