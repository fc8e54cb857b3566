package dev.slipway.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.Vocabulary.Algorithm;
import dev.slipway.model.Metadata;
import dev.slipway.model.Metadata.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GgufVocabularyTest {
    private final Map<String, Value> keys = new LinkedHashMap<>();

    GgufVocabularyTest() {
        put("model", new Value.Text("gpt2"));
        put("pre", new Value.Text("qwen2"));
        put("tokens", new Value.Texts(List.of("a", "b", "ab", "<|im_end|>", "<|endoftext|>")));
        put("token_type", new Value.Wholes(new long[] {1, 1, 1, 3, 3}));
        put("merges", new Value.Texts(List.of("a b")));
        put("eos_token_id", new Value.Whole(4));
    }

    @Test
    void readsAByteLevelVocabulary() {
        Vocabulary vocabulary = read();
        assertThat(vocabulary.algorithm()).isEqualTo(Algorithm.BYTE_LEVEL_BPE);
        assertThat(vocabulary.preTokenizer()).isEqualTo("qwen2");
        assertThat(Tokenizers.of(vocabulary).encode("ab<|im_end|>", true)).containsExactly(2, 3);
    }

    @Test
    void everyTokenThatEndsATurnEndsTheAnswer() {
        assertThat(read().special().endOfGeneration()).containsExactlyInAnyOrder(3, 4);
        assertThat(read().special().eos()).hasValue(4);
    }

    @Test
    void aBeginningOfSequenceIsExpectedByKeyOrElseByKind() {
        put("bos_token_id", new Value.Whole(4));
        assertThat(Tokenizers.of(read()).addBos()).isFalse();
        put("add_bos_token", new Value.Truth(true));
        assertThat(Tokenizers.of(read()).addBos()).isTrue();
        keys.remove("tokenizer.ggml.add_bos_token");
        put("pre", new Value.Text("llama-bpe"));
        assertThat(Tokenizers.of(read()).addBos()).isTrue();
        keys.remove("tokenizer.ggml.bos_token_id");
        assertThat(Tokenizers.of(read()).addBos()).isFalse();
    }

    @Test
    void aRoleThatIsNoneInTheFileIsNone() {
        put("bos_token_id", new Value.Whole(0xFFFF_FFFFL));
        assertThat(read().special().bos()).isEmpty();
    }

    @Test
    void sentencePieceReadsASpaceInFrontUnlessToldNotTo() {
        put("model", new Value.Text("llama"));
        assertThat(read().special().addSpacePrefix()).isTrue();
        assertThat(read().special().addBos()).isTrue();
        put("add_space_prefix", new Value.Truth(false));
        assertThat(read().special().addSpacePrefix()).isFalse();
    }

    @Test
    void contradictionsAreRefused() {
        refused("eos_token_id", new Value.Whole(5), "engine.vocabulary-invalid");
        refused("eos_token_id", new Value.Whole(-7), "engine.vocabulary-invalid");
        refused("token_type", new Value.Wholes(new long[] {1, 1}), "engine.vocabulary-invalid");
        refused("token_type", new Value.Wholes(new long[] {1, 1, 1, 3, 77}), "engine.vocabulary-invalid");
        refused("scores", new Value.Reals(new float[3]), "engine.vocabulary-invalid");
        refused("tokens", new Value.Texts(List.of()), "engine.vocabulary-invalid");
        refused("model", new Value.Text("rwkv"), "engine.tokenizer-unknown");
        refused("pre", new Value.Text("nobody-knows"), "engine.pre-tokenizer-unknown");
    }

    @Test
    void aFileWithoutATokenizerIsRefused() {
        keys.clear();
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("engine.vocabulary-missing"));
    }

    private void refused(String key, Value value, String code) {
        Value before = keys.get("tokenizer.ggml." + key);
        put(key, value);
        assertThatThrownBy(() -> Tokenizers.of(read()))
                .as(key)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
        keys.remove("tokenizer.ggml." + key);
        if (before != null) {
            put(key, before);
        }
    }

    private void put(String key, Value value) {
        keys.put("tokenizer.ggml." + key, value);
    }

    private Vocabulary read() {
        return GgufVocabulary.read(new Metadata("test", keys));
    }
}
