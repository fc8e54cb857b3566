package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.pattern.SplitPattern;
import dev.slipway.engine.tokenizer.split.ByteLevelSplitter;
import dev.slipway.engine.tokenizer.split.MetaspaceSplitter;
import dev.slipway.engine.tokenizer.split.MetaspaceSplitter.Prepend;
import dev.slipway.engine.tokenizer.split.PatternSplitter;
import dev.slipway.engine.tokenizer.split.PatternSplitter.Behaviour;
import dev.slipway.engine.tokenizer.split.PreTokenizers;
import dev.slipway.engine.tokenizer.split.Splitter;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code pre_tokenizer} of a {@code tokenizer.json}. */
final class PreTokenizerReader {
    private final List<Splitter> steps = new ArrayList<>();

    private PreTokenizerReader() {}

    /** The steps in order. */
    static List<Splitter> read(JsonPart part) {
        PreTokenizerReader reader = new PreTokenizerReader();
        reader.add(part);
        return reader.steps;
    }

    private void add(JsonPart part) {
        switch (part.type()) {
            case "Sequence" -> part.parts("pretokenizers").forEach(this::add);
            case "ByteLevel" ->
                steps.add(
                        new ByteLevelSplitter(part.flag("add_prefix_space", true), part.flag("use_regex", true), true));
            case "Split" -> steps.add(split(part));
            case "Metaspace" -> steps.add(metaspace(part));
            case "Digits" ->
                steps.add(PatternSplitter.isolated(part.flag("individual_digits", false) ? "\\p{N}" : "\\p{N}+"));
            case "Punctuation" ->
                steps.add(new PatternSplitter(
                        SplitPattern.compile(PreTokenizers.PUNCTUATION),
                        behaviour(part, part.textIfAny("behavior").orElse("Isolated")),
                        false));
            case "BertPreTokenizer" -> steps.add(PreTokenizers.BERT);
            case "Whitespace" ->
                steps.add(new PatternSplitter(SplitPattern.compile("\\w+|[^\\w\\s]+"), Behaviour.REMOVED, true));
            case "WhitespaceSplit" ->
                steps.add(new PatternSplitter(SplitPattern.compile("\\s"), Behaviour.REMOVED, false));
            case "CharDelimiterSplit" ->
                steps.add(new PatternSplitter(literal(part, part.text("delimiter")), Behaviour.REMOVED, false));
            default -> throw part.unsupported("the pre-tokenizer " + part.type());
        }
    }

    private static Splitter split(JsonPart part) {
        JsonPart pattern = part.requiredPart("pattern");
        SplitPattern compiled = pattern.textIfAny("String")
                .map(literal -> literal(part, literal))
                .orElseGet(() -> SplitPattern.compile(pattern.text("Regex")));
        return new PatternSplitter(compiled, behaviour(part, part.text("behavior")), part.flag("invert", false));
    }

    private static SplitPattern literal(JsonPart part, String text) {
        if (text.isEmpty()) {
            throw part.wrong("splits at nothing");
        }
        return SplitPattern.literal(text);
    }

    private static Behaviour behaviour(JsonPart part, String name) {
        return switch (name) {
            case "Isolated" -> Behaviour.ISOLATED;
            case "Removed" -> Behaviour.REMOVED;
            case "Contiguous" -> Behaviour.CONTIGUOUS;
            case "MergedWithPrevious" -> Behaviour.MERGED_WITH_PREVIOUS;
            case "MergedWithNext" -> Behaviour.MERGED_WITH_NEXT;
            default -> throw part.unsupported("the behaviour " + name);
        };
    }

    private static Splitter metaspace(JsonPart part) {
        String scheme =
                part.textIfAny("prepend_scheme").orElse(part.flag("add_prefix_space", true) ? "always" : "never");
        Prepend prepend = prepend(part, scheme);
        return new MetaspaceSplitter(replacement(part), prepend, part.flag("split", true));
    }

    static Prepend prepend(JsonPart part, String scheme) {
        return switch (scheme) {
            case "always" -> Prepend.ALWAYS;
            case "first" -> Prepend.FIRST;
            case "never" -> Prepend.NEVER;
            default -> throw part.unsupported("the prepend_scheme " + scheme);
        };
    }

    /** The one character that spaces are written as. */
    static char replacement(JsonPart part) {
        String replacement = part.textIfAny("replacement").orElse("▁");
        if (replacement.length() != 1) {
            throw part.unsupported("the replacement \"" + replacement + "\"");
        }
        return replacement.charAt(0);
    }
}
