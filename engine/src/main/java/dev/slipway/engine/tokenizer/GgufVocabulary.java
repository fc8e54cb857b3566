package dev.slipway.engine.tokenizer;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.Vocabulary.Algorithm;
import dev.slipway.engine.tokenizer.Vocabulary.Rewriting;
import dev.slipway.model.Metadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a vocabulary from the {@code tokenizer.ggml.…} keys of a GGUF file. */
final class GgufVocabulary {
    private static final String PREFIX = "tokenizer.ggml.";

    /** Keys of single tokens after which an answer is over. */
    private static final List<String> END_KEYS = List.of("eos_token_id", "eot_token_id", "eom_token_id");

    /** Names under which vocabularies end a turn or a message, often without a key that says so. */
    static final Set<String> END_NAMES = Set.of(
            "<|eot_id|>",
            "<|eom_id|>",
            "<|im_end|>",
            "<|end|>",
            "<|endoftext|>",
            "<|return|>",
            "<|call|>",
            "<end_of_turn>",
            "<end_of_utterance>",
            "<EOT>",
            "[EOT]",
            "<｜end▁of▁sentence｜>");

    /** Pre-tokenizers whose models expect a beginning of sequence even when no key says so. */
    private static final Set<String> BOS_BY_DEFAULT = Set.of("llama-bpe", "llama3", "llama-v3", "tekken");

    private final Metadata metadata;

    private GgufVocabulary(Metadata metadata) {
        this.metadata = metadata;
    }

    static Vocabulary read(Metadata metadata) {
        return new GgufVocabulary(metadata).read();
    }

    private Vocabulary read() {
        String model = metadata.string(PREFIX + "model")
                .orElseThrow(() -> EngineException.invalid(
                        "engine.vocabulary-missing",
                        "The model file holds no tokenizer.",
                        "Use a GGUF file with the keys " + PREFIX + "…; converters write them unless told not to."));
        Algorithm algorithm = algorithm(model);
        // Files from before the key existed were all read by the rule that is now called default.
        String preTokenizer = metadata.string(PREFIX + "pre").orElse("default");
        List<String> tokens = metadata.strings(PREFIX + "tokens").orElse(List.of());
        List<TokenKind> kinds = kinds(tokens.size());
        return new Vocabulary(
                algorithm,
                preTokenizer,
                tokens,
                kinds,
                metadata.floatings(PREFIX + "scores").orElseGet(() -> new float[0]),
                algorithm == Algorithm.BYTE_LEVEL_BPE ? merges() : List.of(),
                special(algorithm, preTokenizer, tokens, kinds),
                rewriting(algorithm));
    }

    private Rewriting rewriting(Algorithm algorithm) {
        String name = metadata.string("general.name").orElse("").toLowerCase(Locale.ROOT);
        boolean phi3 = name.contains("phi-3") || name.contains("phi3");
        if (algorithm != Algorithm.UNIGRAM) {
            // The keys have no place for it, and all files of these models need it.
            return new Rewriting(new byte[0], false, phi3);
        }
        long[] numbers = metadata.integers(PREFIX + "precompiled_charsmap").orElseGet(() -> new long[0]);
        byte[] map = new byte[numbers.length];
        for (int i = 0; i < map.length; i++) {
            map[i] = (byte) numbers[i];
        }
        return new Rewriting(
                map, metadata.flag(PREFIX + "remove_extra_whitespaces").orElse(false), phi3);
    }

    private static Algorithm algorithm(String model) {
        return switch (model) {
            case "gpt2" -> Algorithm.BYTE_LEVEL_BPE;
            case "llama" -> Algorithm.SENTENCE_PIECE_BPE;
            case "t5" -> Algorithm.UNIGRAM;
            case "bert" -> Algorithm.WORD_PIECE;
            default ->
                throw EngineException.invalid(
                        "engine.tokenizer-unknown",
                        "The model's tokenizer is of the kind \"" + model + "\", which this version does not know.",
                        "Use a model whose tokenizer is gpt2 (byte-level BPE), llama (SentencePiece BPE), t5 (unigrams) or bert"
                                + " (WordPiece).");
        };
    }

    private List<String> merges() {
        return metadata.strings(PREFIX + "merges")
                .orElseThrow(() -> EngineException.invalid(
                        "engine.vocabulary-invalid",
                        "The model's byte-level vocabulary has no merges.",
                        "Get the model file again, or a newer conversion of it."));
    }

    private List<TokenKind> kinds(int count) {
        List<TokenKind> kinds = new ArrayList<>(count);
        Optional<long[]> numbers = metadata.integers(PREFIX + "token_type");
        if (numbers.isEmpty()) {
            return Collections.nCopies(count, TokenKind.NORMAL);
        }
        for (long number : numbers.get()) {
            kinds.add(TokenKind.ofGguf(number));
        }
        return kinds;
    }

    private SpecialTokens special(
            Algorithm algorithm, String preTokenizer, List<String> tokens, List<TokenKind> kinds) {
        Set<Integer> ends = new HashSet<>();
        END_KEYS.forEach(key -> id(key).ifPresent(ends::add));
        for (int id = 0; id < Math.min(tokens.size(), kinds.size()); id++) {
            if (kinds.get(id) != TokenKind.NORMAL && END_NAMES.contains(tokens.get(id))) {
                ends.add(id);
            }
        }
        return switch (algorithm) {
            case BYTE_LEVEL_BPE -> special(ends, BOS_BY_DEFAULT.contains(preTokenizer), false);
            case SENTENCE_PIECE_BPE ->
                special(ends, true, metadata.flag(PREFIX + "add_space_prefix").orElse(true));
            case UNIGRAM ->
                special(ends, false, metadata.flag(PREFIX + "add_space_prefix").orElse(true));
            case WORD_PIECE -> wordPiece(ends, tokens);
        };
    }

    private SpecialTokens special(Set<Integer> ends, boolean bosByDefault, boolean addSpacePrefix) {
        boolean unigram = metadata.string(PREFIX + "model").equals(Optional.of("t5"));
        boolean addEos = metadata.flag(PREFIX + "add_eos_token").orElse(unigram);
        return new SpecialTokens(
                id("bos_token_id"),
                id("eos_token_id"),
                id("unknown_token_id"),
                ends,
                metadata.flag(PREFIX + "add_bos_token").orElse(bosByDefault),
                addSpacePrefix,
                addEos ? id("eos_token_id") : OptionalInt.empty());
    }

    /** Models like BERT stand between {@code [CLS]} and {@code [SEP]}; files name them in several ways, or not at all. */
    private SpecialTokens wordPiece(Set<Integer> ends, List<String> tokens) {
        OptionalInt first = firstOf(id("cls_token_id"), id("bos_token_id"), named(tokens, "[CLS]"));
        // The word is misspelt in the format itself.
        OptionalInt separator = firstOf(id("seperator_token_id"), id("eos_token_id"), named(tokens, "[SEP]"));
        boolean close = metadata.flag(PREFIX + "add_sep_token").orElse(true)
                && metadata.flag(PREFIX + "add_eos_token").orElse(true);
        return new SpecialTokens(
                first,
                separator,
                firstOf(id("unknown_token_id"), named(tokens, "[UNK]")),
                ends,
                metadata.flag(PREFIX + "add_bos_token").orElse(true),
                false,
                close ? separator : OptionalInt.empty());
    }

    private static OptionalInt firstOf(OptionalInt... choices) {
        return Arrays.stream(choices).filter(OptionalInt::isPresent).findFirst().orElse(OptionalInt.empty());
    }

    private static OptionalInt named(List<String> tokens, String name) {
        int id = tokens.indexOf(name);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private OptionalInt id(String key) {
        OptionalLong id = metadata.integer(PREFIX + key);
        // Some converters write 2³² − 1 for "none".
        return id.isEmpty() || id.getAsLong() == 0xFFFF_FFFFL
                ? OptionalInt.empty()
                : OptionalInt.of(Math.clamp(id.getAsLong(), -1, Integer.MAX_VALUE));
    }
}
