package dev.slipway.engine.tokenizer.peer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Single components of {@code tokenizer.json}, beside Hugging Face's own library. */
class ComponentsTest {
    private static final String TEXT = MixedText.of(21, 6_000);

    @TempDir
    Path folder;

    static Stream<String> normalizers() {
        return Stream.of(
                "{'type':'NFC'}",
                "{'type':'NFD'}",
                "{'type':'NFKC'}",
                "{'type':'NFKD'}",
                "{'type':'Lowercase'}",
                "{'type':'Nmt'}",
                "{'type':'Strip','strip_left':true,'strip_right':true}",
                "{'type':'Sequence','normalizers':[{'type':'NFD'},{'type':'StripAccents'}]}",
                "{'type':'Replace','pattern':{'Regex':' {2,}'},'content':' '}",
                "{'type':'Replace','pattern':{'String':'a'},'content':'xyz'}",
                "{'type':'Prepend','prepend':'_'}",
                "{'type':'BertNormalizer','clean_text':true,'handle_chinese_chars':true,'strip_accents':false,'lowercase':false}",
                "{'type':'BertNormalizer','clean_text':false,'handle_chinese_chars':false,'strip_accents':true,'lowercase':false}");
    }

    @ParameterizedTest
    @MethodSource("normalizers")
    void normalizersAgree(String normalizer) throws IOException {
        agree(Map.of("normalizer", json(normalizer)));
    }

    static Stream<String> preTokenizers() {
        return Stream.concat(
                Stream.of(
                        "{'type':'Whitespace'}",
                        "{'type':'WhitespaceSplit'}",
                        "{'type':'BertPreTokenizer'}",
                        "{'type':'Digits','individual_digits':true}",
                        "{'type':'Digits','individual_digits':false}",
                        "{'type':'CharDelimiterSplit','delimiter':'e'}",
                        "{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true}",
                        "{'type':'Metaspace','replacement':'▁','prepend_scheme':'first','split':true}",
                        "{'type':'Metaspace','replacement':'▁','prepend_scheme':'never','split':false}",
                        "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}",
                        "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':false}",
                        "{'type':'Sequence','pretokenizers':[{'type':'WhitespaceSplit'},{'type':'ByteLevel',"
                                + "'add_prefix_space':true,'trim_offsets':true,'use_regex':true},{'type':'Digits',"
                                + "'individual_digits':true}]}"),
                Stream.of("Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous")
                        .flatMap(behaviour -> Stream.of(
                                "{'type':'Punctuation','behavior':'" + behaviour + "'}",
                                "{'type':'Split','pattern':{'Regex':'[aeiou ]'},'invert':false,'behavior':'" + behaviour
                                        + "'}",
                                "{'type':'Split','pattern':{'String':'e'},'invert':true,'behavior':'" + behaviour
                                        + "'}")));
    }

    @ParameterizedTest
    @MethodSource("preTokenizers")
    void preTokenizersAgree(String preTokenizer) throws IOException {
        agree(Map.of("pre_tokenizer", json(preTokenizer)));
    }

    @Test
    void addedTokensAgree() throws IOException {
        List<Object> added = List.of(
                added(900, "the", false, true, false, false, false),
                added(901, "of ", false, false, true, false, false),
                added(902, "in", false, false, false, true, false),
                added(903, "that", false, true, true, true, false),
                added(904, "WAS", false, false, false, false, true),
                added(905, "th", false, false, false, false, false),
                added(906, "<mask>", true, true, false, false, false));
        agree(Map.of("added_tokens", added, "normalizer", json("{'type':'Lowercase'}")));
    }

    private static Map<String, Object> added(
            int id, String text, boolean special, boolean left, boolean right, boolean word, boolean normalized) {
        return Map.of(
                "id",
                id,
                "content",
                text,
                "special",
                special,
                "lstrip",
                left,
                "rstrip",
                right,
                "single_word",
                word,
                "normalized",
                normalized);
    }

    static Stream<String> processors() {
        return Stream.of(
                "{'type':'BertProcessing','sep':['b',1],'cls':['a',0]}",
                "{'type':'RobertaProcessing','sep':['b',1],'cls':['a',0],'trim_offsets':true,'add_prefix_space':false}",
                "{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'a','type_id':0}},{'Sequence':{'id':'A',"
                        + "'type_id':0}}],'pair':[{'Sequence':{'id':'A','type_id':0}},{'SpecialToken':{'id':'b',"
                        + "'type_id':1}},{'Sequence':{'id':'B','type_id':1}}],'special_tokens':{'a':{'id':'a','ids':[0],"
                        + "'tokens':['a']},'b':{'id':'b','ids':[1,2],'tokens':['b','c']}}}");
    }

    @ParameterizedTest
    @MethodSource("processors")
    void whatStandsAroundTextsAgrees(String processor) throws IOException {
        Path file = write(Map.of("post_processor", json(processor)));
        Tokenizer ours = Tokenizers.open(file);
        try (HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(file, PeersTest.OPTIONS)) {
            assertThat(ours.frame(ours.encode("hello you", false)))
                    .isEqualTo(ids(theirs.encode("hello you", true, false)));
            Encoding both = theirs.encode("hello", "you", true, false);
            Tokenizer.Pair pair = ours.framePair(ours.encode("hello", false), ours.encode("you", false));
            assertThat(pair.tokens()).isEqualTo(ids(both));
            assertThat(pair.types())
                    .isEqualTo(Arrays.stream(both.getTypeIds())
                            .mapToInt(Math::toIntExact)
                            .toArray());
        }
    }

    private void agree(Map<String, Object> parts) throws IOException {
        Path file = write(parts);
        Tokenizer ours = Tokenizers.open(file);
        try (HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(file, PeersTest.OPTIONS)) {
            for (String line :
                    List.of(TEXT, " the cat", "", "x", "the  then of the in  inn that\n that, was WAS<mask> in")) {
                int[] expected = ids(theirs.encode(line, false, false));
                int[] found = ours.encode(line, true);
                int at = Arrays.mismatch(found, expected);
                assertThat(at < 0 ? "" : PeersTest.around(ours, found, at))
                        .isEqualTo(at < 0 ? "" : PeersTest.around(ours, expected, at));
            }
        }
    }

    private static int[] ids(Encoding encoding) {
        return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    }

    /** Every character that the texts can hold is a token, and so are some pairs. */
    private Path write(Map<String, Object> parts) throws IOException {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        "abcdefghijklmnopqrstuvwxyz▁Ġ_"
                .codePoints()
                .forEach(c -> vocabulary.put(Character.toString(c), vocabulary.size()));
        List<List<String>> merges = new ArrayList<>();
        for (String pair : List.of("he", "er", "an", "▁t", "Ġt")) {
            vocabulary.put(pair, vocabulary.size());
            merges.add(List.of(pair.substring(0, 1), pair.substring(1)));
        }
        vocabulary.put("?", vocabulary.size());
        for (int character = 1; character < 0x3000; character++) {
            vocabulary.putIfAbsent(Character.toString(character), vocabulary.size());
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", "1.0");
        root.put("added_tokens", List.of());
        root.putAll(parts);
        root.put(
                "model",
                Map.of("type", "BPE", "vocab", vocabulary, "merges", merges, "unk_token", "?", "fuse_unk", true));
        if (parts.containsKey("added_tokens")) {
            // Their ids lie within the vocabulary, whose own tokens of these ids are control characters.
            root.put("added_tokens", moved(parts.get("added_tokens"), vocabulary.size()));
        }
        return Files.write(
                folder.resolve("tokenizer.json"),
                JsonMapper.shared().writeValueAsString(root).getBytes(StandardCharsets.UTF_8));
    }

    /** Added tokens numbered on from the end of the vocabulary, as files have them. */
    private static List<Object> moved(Object added, int size) {
        List<Object> moved = new ArrayList<>();
        for (Object token : (List<?>) added) {
            Map<String, Object> copy = new LinkedHashMap<>();
            ((Map<?, ?>) token).forEach((key, value) -> copy.put(String.valueOf(key), value));
            copy.put("id", size + moved.size());
            moved.add(copy);
        }
        return moved;
    }

    private static Object json(String text) {
        return JsonMapper.shared().readValue(text.replace('\'', '"'), Map.class);
    }
}
