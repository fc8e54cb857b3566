package dev.slipway.engine.tokenizer;

import dev.slipway.engine.EngineException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a text into words before bytes are merged; a merge never crosses a cut. Each pattern in turn cuts what the one
 * before left: every match is a word, and so is what lies between two matches.
 *
 * <p>Known by the names that GGUF's {@code tokenizer.ggml.pre} uses. A wrong rule gives subtly wrong tokens and a model
 * that answers worse than it could, so an unknown name is refused.
 */
final class PreTokenizer {
    private static final String CONTRACTIONS = "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])";
    private static final String GPT2 =
            "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final String LETTERS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    private static final String MARKS_AND_SPACE = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String CJK = "[\\u0800-\\u9FA5\\uAC00-\\uD7FF]+";

    private static final Map<String, PreTokenizer> BY_NAME = new TreeMap<>();

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
        define(List.of("deepseek-coder"), false, "[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", CJK, "\\p{N}");
        define(
                List.of("tekken"),
                true,
                "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+|[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER
                        + "*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
    }

    private final List<Pattern> patterns;
    private final boolean wholeWords;

    private PreTokenizer(List<Pattern> patterns, boolean wholeWords) {
        this.patterns = patterns;
        this.wholeWords = wholeWords;
    }

    private static void define(List<String> names, boolean wholeWords, String... patterns) {
        PreTokenizer made = new PreTokenizer(
                List.of(patterns).stream()
                        .map(pattern -> Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS))
                        .toList(),
                wholeWords);
        names.forEach(name -> BY_NAME.put(name, made));
    }

    static PreTokenizer named(String name) {
        PreTokenizer found = BY_NAME.get(name);
        if (found == null) {
            throw EngineException.invalid(
                    "engine.pre-tokenizer-unknown",
                    "The model's vocabulary names the pre-tokenizer \"" + name
                            + "\", which this version does not know.",
                    "Use a model with one of: " + String.join(", ", new TreeSet<>(BY_NAME.keySet())) + ".");
        }
        return found;
    }

    /** Whether a word that is a token stands for itself, whatever the merges would make of it. */
    boolean wholeWords() {
        return wholeWords;
    }

    /** Receives {@code text[from, to)} of one word. */
    interface Sink {
        void word(int from, int to);
    }

    void split(String text, int from, int to, Sink sink) {
        List<Matcher> matchers =
                patterns.stream().map(pattern -> pattern.matcher(text)).toList();
        split(matchers, 0, from, to, sink);
    }

    private static void split(List<Matcher> matchers, int level, int from, int to, Sink sink) {
        if (level == matchers.size()) {
            sink.word(from, to);
            return;
        }
        Matcher matcher = matchers.get(level).region(from, to);
        int last = from;
        while (matcher.find()) {
            if (matcher.start() > last) {
                split(matchers, level + 1, last, matcher.start(), sink);
            }
            last = matcher.end();
            split(matchers, level + 1, matcher.start(), last, sink);
        }
        if (last < to) {
            split(matchers, level + 1, last, to, sink);
        }
    }
}
