package dev.slipway.engine.tokenizer.peer;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What real {@code tokenizer.json} files of each family have around their model. */
final class ToyComponents {
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String REST = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String CJK = "[一-龥ࠀ-一가-\uD7FF]+";

    private ToyComponents() {}

    /** By the name of a key of {@code tokenizer.json}. */
    static Map<String, Object> of(String family) {
        return switch (family) {
            case "spm" -> sentencePiece();
            case "unigram" -> unigram();
            case "bert" -> wordPiece();
            default -> byteLevel(family);
        };
    }

    private static Map<String, Object> byteLevel(String family) {
        Map<String, Object> words =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", true);
        Map<String, Object> bytes =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", false);
        List<Map<String, Object>> steps = switch (family) {
            case "default", "gpt-2", "mpt" -> List.of(words);
            case "llama-bpe" ->
                List.of(split(CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|" + REST), bytes);
            case "qwen2" -> List.of(split(CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|" + REST), bytes);
            case "starcoder", "refact", "smollm", "command-r" -> List.of(digits(true), words);
            case "falcon" ->
                List.of(
                        Map.of("type", "Punctuation", "behavior", "Contiguous"),
                        words,
                        digits(false),
                        split("[0-9][0-9][0-9]"));
            case "deepseek-coder" ->
                List.of(split("[\r\n]"), split("\\s?\\p{L}+"), split("\\s?\\p{P}+"), split(CJK), digits(true), bytes);
            case "deepseek-llm" ->
                List.of(
                        split("[\r\n]"),
                        split("\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳΣ-ϵϷ-ҁҊ-ԯԱ-ՖḀ-ἕἘ-Ἕ]+"),
                        split("\\s?[!-/:-~！-／：-～‘-‟　-。]+"),
                        split("\\s+$"),
                        split(CJK),
                        digits(true),
                        bytes);
            case "tekken" ->
                List.of(
                        split(
                                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                                        + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                                        + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
                        bytes);
            default -> throw new IllegalArgumentException(family);
        };
        Map<String, Object> root = new LinkedHashMap<>();
        if (family.equals("qwen2")) {
            root.put("normalizer", Map.of("type", "NFC"));
        }
        root.put("pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", steps));
        root.put("decoder", Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", false));
        root.put("post_processor", Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", false));
        return root;
    }

    private static Map<String, Object> split(String pattern) {
        return Map.of("type", "Split", "pattern", Map.of("Regex", pattern), "behavior", "Isolated", "invert", false);
    }

    private static Map<String, Object> digits(boolean individual) {
        return Map.of("type", "Digits", "individual_digits", individual);
    }

    private static Map<String, Object> sentencePiece() {
        return Map.of(
                "normalizer",
                sequence(
                        "normalizers",
                        List.of(
                                Map.of("type", "Prepend", "prepend", "▁"),
                                Map.of("type", "Replace", "pattern", Map.of("String", " "), "content", "▁"))),
                "decoder",
                sequence(
                        "decoders",
                        List.of(
                                Map.of("type", "Replace", "pattern", Map.of("String", "▁"), "content", " "),
                                Map.of("type", "ByteFallback"),
                                Map.of("type", "Fuse"),
                                Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0))),
                "post_processor",
                template(List.of(special("<s>"), text("A", 0)), Map.of("<s>", 1)));
    }

    private static Map<String, Object> unigram() {
        String map = Base64.getEncoder().encodeToString(ToyCharacterMap.bytes());
        return Map.of(
                "normalizer", Map.of("type", "Precompiled", "precompiled_charsmap", map),
                "pre_tokenizer", sequence("pretokenizers", List.of(Map.of("type", "WhitespaceSplit"), metaspace())),
                "decoder", metaspace(),
                "post_processor", template(List.of(text("A", 0), special("</s>")), Map.of("</s>", 1)));
    }

    private static Map<String, Object> metaspace() {
        return Map.of("type", "Metaspace", "replacement", "▁", "prepend_scheme", "always", "split", true);
    }

    private static Map<String, Object> wordPiece() {
        Map<String, Object> normalizer = new LinkedHashMap<>();
        normalizer.put("type", "BertNormalizer");
        normalizer.put("clean_text", true);
        normalizer.put("handle_chinese_chars", true);
        normalizer.put("strip_accents", null);
        normalizer.put("lowercase", true);
        return Map.of(
                "normalizer", normalizer,
                "pre_tokenizer", Map.of("type", "BertPreTokenizer"),
                "decoder", Map.of("type", "WordPiece", "prefix", "##", "cleanup", true),
                "post_processor",
                        template(
                                List.of(special("[CLS]"), text("A", 0), special("[SEP]")),
                                Map.of("[CLS]", 2, "[SEP]", 3)));
    }

    private static Map<String, Object> sequence(String name, List<Map<String, Object>> parts) {
        return Map.of("type", "Sequence", name, parts);
    }

    private static Map<String, Object> special(String name) {
        return Map.of("SpecialToken", Map.of("id", name, "type_id", 0));
    }

    private static Map<String, Object> text(String name, int type) {
        return Map.of("Sequence", Map.of("id", name, "type_id", type));
    }

    private static Map<String, Object> template(List<Map<String, Object>> single, Map<String, Integer> ids) {
        Map<String, Object> special = new LinkedHashMap<>();
        ids.forEach((name, id) -> special.put(name, Map.of("id", name, "ids", List.of(id), "tokens", List.of(name))));
        List<Map<String, Object>> pair = new java.util.ArrayList<>(single);
        pair.add(text("B", 1));
        return Map.of("type", "TemplateProcessing", "single", single, "pair", pair, "special_tokens", special);
    }
}
