package dev.slipway.engine.tokenizer;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.TokenSpelling.Leading;
import dev.slipway.engine.tokenizer.Vocabulary.Algorithm;
import dev.slipway.engine.tokenizer.algorithm.ByteLevelEncoder;
import dev.slipway.engine.tokenizer.algorithm.Merge;
import dev.slipway.engine.tokenizer.algorithm.Pieces;
import dev.slipway.engine.tokenizer.algorithm.SentencePieceEncoder;
import dev.slipway.engine.tokenizer.algorithm.UnigramEncoder;
import dev.slipway.engine.tokenizer.algorithm.WordPieceEncoder;
import dev.slipway.engine.tokenizer.normal.BertNormalizer;
import dev.slipway.engine.tokenizer.normal.CharacterMap;
import dev.slipway.engine.tokenizer.normal.MappedNormalizer;
import dev.slipway.engine.tokenizer.normal.SpacedNormalizer;
import dev.slipway.engine.tokenizer.normal.TextNormalizer;
import dev.slipway.engine.tokenizer.split.PreTokenizers;
import dev.slipway.engine.tokenizer.split.Splitter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Builds a tokenizer from a {@link Vocabulary}. */
final class VocabularyPipeline {
    private final Vocabulary vocabulary;

    private VocabularyPipeline(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    static Tokenizer build(Vocabulary vocabulary) {
        return new VocabularyPipeline(vocabulary).build();
    }

    private Tokenizer build() {
        SegmentEncoder encoder = switch (vocabulary.algorithm()) {
            case BYTE_LEVEL_BPE -> byteLevel();
            case SENTENCE_PIECE_BPE ->
                SegmentEncoder.plain(
                        Splitter.none(),
                        new SentencePieceEncoder(
                                pieces(),
                                vocabulary.scores(),
                                vocabulary.special().addSpacePrefix()));
            case UNIGRAM -> unigram();
            case WORD_PIECE -> wordPiece();
        };
        return new VocabularyTokenizer(
                new VocabularyTokenizer.Parts(
                        vocabulary.tokens(), vocabulary.kinds(), vocabulary.special(), frame(), added(), spelling()),
                encoder);
    }

    private SequenceFrame frame() {
        SpecialTokens special = vocabulary.special();
        OptionalInt first = special.addBos() ? special.bos() : OptionalInt.empty();
        return vocabulary.algorithm() == Algorithm.WORD_PIECE
                ? SequenceFrame.ofPairs(first, special.closing())
                : SequenceFrame.of(first, special.closing());
    }

    private TokenSpelling spelling() {
        return switch (vocabulary.algorithm()) {
            case BYTE_LEVEL_BPE -> new TokenSpelling(TokenSpelling.BYTE_LEVEL, Leading.KEPT);
            case SENTENCE_PIECE_BPE, UNIGRAM ->
                new TokenSpelling(
                        TokenSpelling.SENTENCE_PIECE,
                        vocabulary.special().addSpacePrefix() ? Leading.DROPPED_AFTER_SPECIAL : Leading.KEPT);
            case WORD_PIECE -> new TokenSpelling(TokenSpelling.SENTENCE_PIECE, Leading.DROPPED_AT_START);
        };
    }

    /** User-defined tokens, and those that steer or stand for the unknown. */
    private List<AddedToken> added() {
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            TokenKind kind = vocabulary.kinds().get(id);
            boolean control = kind == TokenKind.CONTROL || kind == TokenKind.UNKNOWN;
            if (control || kind == TokenKind.USER_DEFINED) {
                AddedToken token = AddedToken.plain(vocabulary.tokens().get(id), id, control);
                added.add(takesSpaceAfter(token) ? token.takingSpaceAfter() : token);
            }
        }
        return added;
    }

    private boolean takesSpaceAfter(AddedToken token) {
        return vocabulary.rewriting().specialsTakeSpaceAfter()
                && !List.of("<unk>", "<s>", "<|endoftext|>").contains(token.text());
    }

    private SegmentEncoder byteLevel() {
        PreTokenizers.Rule rule = PreTokenizers.named(vocabulary.preTokenizer());
        BitSet usable = new BitSet();
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            TokenKind kind = vocabulary.kinds().get(id);
            usable.set(id, kind == TokenKind.NORMAL || kind == TokenKind.USER_DEFINED);
        }
        return SegmentEncoder.plain(
                rule.splitter(),
                new ByteLevelEncoder(
                        vocabulary.tokens(),
                        usable,
                        vocabulary.merges().stream().map(Merge::parse).toList(),
                        rule.wholeWords(),
                        vocabulary.special().unknown()));
    }

    private Pieces pieces() {
        int size = vocabulary.tokens().size();
        Map<String, Integer> ids = HashMap.newHashMap(size);
        int[] byteTokens = Pieces.noBytes();
        for (int id = 0; id < size; id++) {
            String token = vocabulary.tokens().get(id);
            switch (vocabulary.kinds().get(id)) {
                case NORMAL, USER_DEFINED -> ids.putIfAbsent(token, id);
                case BYTE -> byteTokens[byteValue(token)] = id;
                // Reached by name only, so that no text can be mistaken for one.
                case UNKNOWN, CONTROL, UNUSED -> {}
            }
        }
        return new Pieces(ids, size, byteTokens, vocabulary.special().unknown());
    }

    private static int byteValue(String token) {
        int value = Pieces.byteValue(token);
        if (value < 0) {
            throw EngineException.invalid(
                    "engine.vocabulary-invalid",
                    "The vocabulary's byte token \"" + token + "\" is not written <0xNN>.",
                    "Get the model file again, or a newer conversion of it.");
        }
        return value;
    }

    private SegmentEncoder unigram() {
        int size = vocabulary.tokens().size();
        double[] scores = new double[size];
        for (int id = 0; id < Math.min(size, vocabulary.scores().length); id++) {
            boolean kept = vocabulary.kinds().get(id) == TokenKind.USER_DEFINED;
            scores[id] = kept ? 0 : vocabulary.scores()[id];
        }
        List<TextNormalizer> steps = new ArrayList<>();
        if (vocabulary.rewriting().characterMap().length > 0) {
            steps.add(MappedNormalizer.longest(
                    CharacterMap.read(vocabulary.rewriting().characterMap())));
        }
        steps.add(new SpacedNormalizer(
                vocabulary.rewriting().removeExtraSpaces(), vocabulary.special().addSpacePrefix()));
        return new SegmentEncoder.Normalising(
                TextNormalizer.all(steps),
                AddedTokens.NONE,
                AddedTokens.NONE,
                Splitter.none(),
                new UnigramEncoder(pieces(), scores));
    }

    private SegmentEncoder wordPiece() {
        // The file does not say whether case counts; a vocabulary without a capital letter answers it.
        boolean cased = false;
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            cased |= vocabulary.kinds().get(id) == TokenKind.NORMAL
                    && vocabulary.tokens().get(id).chars().anyMatch(unit -> unit >= 'A' && unit <= 'Z');
        }
        return new SegmentEncoder.Normalising(
                new BertNormalizer(true, true, !cased, !cased),
                AddedTokens.NONE,
                AddedTokens.NONE,
                PreTokenizers.BERT,
                new WordPieceEncoder(pieces(), String.valueOf(Pieces.SPACE), "", Integer.MAX_VALUE));
    }
}
