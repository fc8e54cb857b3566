package dev.slipway.engine.tokenizer.split;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.pattern.SplitPattern;
import dev.slipway.engine.tokenizer.split.PatternSplitter.Behaviour;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How byte-level vocabularies cut a text, by the names that GGUF's {@code tokenizer.ggml.pre} uses.
 *
 * <p>A wrong rule gives subtly wrong tokens and a model that answers worse than it could, so an unknown name is refused.
 */
public final class PreTokenizers {
    static final String GPT2 = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    /** What counts as punctuation in Hugging Face's tokenizers: every such mark, and all marks of ASCII. */
    public static final String PUNCTUATION = "[\\p{P}!-/:-@\\[-`{-~]";

    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String LETTERS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    private static final String MARKS_AND_SPACE = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String CJK = "[\\x{0800}-\\x{9FA5}\\x{AC00}-\\x{D7FF}]+";

    private static final Map<String, Rule> BY_NAME = new TreeMap<>();

    /**
     * A rule.
     *
     * @param wholeWords whether a word that is a token stands for itself, whatever the merges would make of it
     */
    public record Rule(Splitter splitter, boolean wholeWords) {}

    static {
        define(List.of("default"), false, "[\\p{P}$+<=>^~|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]");
        define(List.of("gpt-2", "mpt", "phi-2", "olmo"), false, GPT2);
        define(
                List.of("llama-bpe", "llama3", "llama-v3"),
                true,
                CONTRACTIONS + "|" + LETTERS + "|\\p{N}{1,3}|" + MARKS_AND_SPACE);
        define(
                List.of("qwen2", "deepseek-r1-qwen", "stablelm2"),
                false,
                CONTRACTIONS + "|" + LETTERS + "|\\p{N}|" + MARKS_AND_SPACE);
        define(List.of("smollm", "starcoder", "refact", "command-r"), false, "\\p{N}", GPT2);
        define(List.of("falcon"), false, "[\\p{P}$+<=>^~|`]+", GPT2, "[0-9][0-9][0-9]");
        define(
                List.of("deepseek-llm"),
                false,
                "[\\r\\n]",
                "\\s?" + CasedLetters.SET + "+",
                "\\s?[!-/:-~\\x{FF01}-\\x{FF0F}\\x{FF1A}-\\x{FF5E}\\x{2018}-\\x{201F}\\x{3000}-\\x{3002}]+",
                "\\s+$",
                CJK,
                "\\p{N}+");
        define(List.of("deepseek-coder"), false, "[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", CJK, "\\p{N}");
        define(
                List.of("tekken"),
                true,
                "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+|[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER
                        + "*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
    }

    /** Words as BERT has them: white space is dropped, every punctuation mark stands alone. */
    public static final Splitter BERT = Splitter.all(List.of(
            new PatternSplitter(SplitPattern.compile("\\s"), Behaviour.REMOVED, false),
            new PatternSplitter(SplitPattern.compile(PUNCTUATION), Behaviour.ISOLATED, false)));

    private PreTokenizers() {}

    private static void define(List<String> names, boolean wholeWords, String... patterns) {
        List<Splitter> steps = Arrays.stream(patterns)
                .map(SplitPattern::compile)
                .<Splitter>map(pattern -> new PatternSplitter(pattern, Behaviour.ISOLATED, false))
                .toList();
        Rule rule = new Rule(Splitter.all(steps), wholeWords);
        names.forEach(name -> BY_NAME.put(name, rule));
    }

    /**
     * The rule of a name.
     *
     * @throws EngineException {@code engine.pre-tokenizer-unknown} when there is none
     */
    public static Rule named(String name) {
        Rule found = BY_NAME.get(name);
        if (found == null) {
            throw EngineException.invalid(
                    "engine.pre-tokenizer-unknown",
                    "The model's vocabulary names the pre-tokenizer \"" + name
                            + "\", which this version does not know.",
                    "Use a model with one of: " + String.join(", ", BY_NAME.keySet()) + ".");
        }
        return found;
    }
}
