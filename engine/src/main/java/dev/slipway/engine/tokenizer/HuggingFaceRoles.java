package dev.slipway.engine.tokenizer;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Which tokens have a role, as the documents beside {@code tokenizer.json} say.
 *
 * @param config {@code tokenizer_config.json}
 * @param map {@code special_tokens_map.json}, which older folders have
 * @param generation {@code generation_config.json}
 */
record HuggingFaceRoles(Optional<JsonPart> config, Optional<JsonPart> map, Optional<JsonPart> generation) {
    /** Classes that add a beginning and an end as their configuration says, whatever the template does. */
    private static final Set<String> CONFIGURED_CLASSES = Set.of(
            "LlamaTokenizer",
            "LlamaTokenizerFast",
            "CodeLlamaTokenizer",
            "CodeLlamaTokenizerFast",
            "GemmaTokenizer",
            "GemmaTokenizerFast",
            "CohereTokenizer",
            "CohereTokenizerFast");

    /** Reads what there is, asking for documents by name. */
    static HuggingFaceRoles read(Function<String, Optional<byte[]>> documents) {
        return new HuggingFaceRoles(
                part("tokenizer_config.json", documents),
                part("special_tokens_map.json", documents),
                part("generation_config.json", documents));
    }

    private static Optional<JsonPart> part(String name, Function<String, Optional<byte[]>> documents) {
        return documents.apply(name).map(bytes -> JsonPart.parse(name, bytes));
    }

    private OptionalInt id(String role, List<String> tokens) {
        String name = Stream.of(config, map)
                .flatMap(Optional::stream)
                .flatMap(part -> part.tokenName(role).stream())
                .findFirst()
                .orElse("");
        int id = name.isEmpty() ? -1 : tokens.indexOf(name);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** What stands around texts: as the post-processor says, or for some classes as the configuration says. */
    SequenceFrame frame(Optional<SequenceFrame> processed, List<String> tokens) {
        String tokenizerClass =
                config.flatMap(part -> part.textIfAny("tokenizer_class")).orElse("");
        Optional<Boolean> before = config.flatMap(part -> part.flagIfAny("add_bos_token"));
        Optional<Boolean> after = config.flatMap(part -> part.flagIfAny("add_eos_token"));
        boolean said = before.isPresent() || after.isPresent();
        if (!said || !CONFIGURED_CLASSES.contains(tokenizerClass)) {
            return processed.orElse(SequenceFrame.BARE);
        }
        return SequenceFrame.of(
                before.orElse(true) ? id("bos_token", tokens) : OptionalInt.empty(),
                after.orElse(false) ? id("eos_token", tokens) : OptionalInt.empty());
    }

    SpecialTokens special(List<String> tokens, List<TokenKind> kinds, SequenceFrame frame, OptionalInt unknown) {
        OptionalInt bos = id("bos_token", tokens);
        OptionalInt begin = bos.isPresent() ? bos : frame.first();
        OptionalInt eos = id("eos_token", tokens);
        Set<Integer> ends = new HashSet<>(generationEnds(tokens.size()));
        eos.ifPresent(ends::add);
        for (int id = 0; id < tokens.size(); id++) {
            if (kinds.get(id) == TokenKind.CONTROL && GgufVocabulary.END_NAMES.contains(tokens.get(id))) {
                ends.add(id);
            }
        }
        boolean addBos = begin.isPresent() && frame.first().equals(begin);
        return new SpecialTokens(begin, eos, unknown, ends, addBos, false, frame.last());
    }

    /** Written as a number or as a list of them. */
    private List<Integer> generationEnds(int size) {
        JsonNode value = generation.map(part -> part.node().get("eos_token_id")).orElse(null);
        if (value == null || value.isNull()) {
            return List.of();
        }
        List<JsonNode> numbers = value.isArray() ? value.valueStream().toList() : List.of(value);
        JsonPart part = generation.orElseThrow();
        return numbers.stream()
                .map(number -> part.whole(number, "eos_token_id"))
                .peek(id -> {
                    if (id >= size) {
                        throw part.wrong("ends answers with the token " + id + "; ids end at " + (size - 1));
                    }
                })
                .toList();
    }
}
