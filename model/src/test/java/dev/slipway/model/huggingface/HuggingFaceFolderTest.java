package dev.slipway.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.ModelException;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.RopePairing;
import dev.slipway.model.TensorInfo;
import dev.slipway.model.gguf.GgufWriter;
import dev.slipway.model.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceFolderTest {
    static final String CONFIG = """
            {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_size": 8, "num_hidden_layers": 2,
             "intermediate_size": 12, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 6,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 5000, "vocab_size": 3,
             "hidden_act": "silu", "tie_word_embeddings": true, "rope_scaling": null, "sliding_window": null}""";

    @TempDir
    Path folder;

    @BeforeEach
    void writeConfig() throws IOException {
        Files.writeString(folder.resolve("config.json"), CONFIG);
    }

    private void change(String from, String to) throws IOException {
        assertThat(CONFIG).contains(from);
        Files.writeString(folder.resolve("config.json"), CONFIG.replace(from, to));
    }

    private static SafetensorsWriter tensor(SafetensorsWriter writer, String name, long columns, long rows) {
        byte[] bytes = new byte[(int) (columns * rows * 2)];
        bytes[0] = (byte) name.length();
        return writer.tensor(name, QuantisationType.BF16, List.of(columns, rows), bytes);
    }

    private void writeSingle(String... more) throws IOException {
        SafetensorsWriter writer = tensor(SafetensorsWriter.create(), "model.embed_tokens.weight", 8, 3);
        tensor(writer, "model.layers.1.self_attn.q_proj.weight", 8, 24);
        for (String name : more) {
            tensor(writer, name, 8, 3);
        }
        writer.writeTo(folder.resolve("model.safetensors"));
    }

    private void writeShards(String index) throws IOException {
        tensor(SafetensorsWriter.create(), "model.embed_tokens.weight", 8, 3)
                .writeTo(folder.resolve("model-00001-of-00002.safetensors"));
        tensor(SafetensorsWriter.create(), "model.norm.weight", 8, 1)
                .writeTo(folder.resolve("model-00002-of-00002.safetensors"));
        Files.writeString(folder.resolve(ShardIndex.FILE), index);
    }

    private static final String INDEX = """
            {"metadata": {"total_size": 64}, "weight_map": {
              "model.embed_tokens.weight": "model-00001-of-00002.safetensors",
              "model.norm.weight": "model-00002-of-00002.safetensors"}}""";

    @Test
    void tellsTheConfigurationInTheWordsOfGguf() throws IOException {
        writeSingle();
        try (OpenModel model = OpenModel.open(folder)) {
            assertThat(model.layout()).isEqualTo(OpenModel.Layout.HUGGING_FACE);
            assertThat(model.format()).isEqualTo("safetensors");
            assertThat(model.architecture()).isEqualTo("qwen3");
            assertThat(model.ropePairing()).isEqualTo(RopePairing.HALVES);
            assertThat(model.name()).isEqualTo(String.valueOf(folder.getFileName()));
            var metadata = model.metadata();
            assertThat(metadata.integer("qwen3.block_count")).hasValue(2);
            assertThat(metadata.integer("qwen3.context_length")).hasValue(64);
            assertThat(metadata.integer("qwen3.attention.key_length")).hasValue(6);
            assertThat(metadata.integer("qwen3.attention.head_count_kv")).hasValue(2);
            assertThat(metadata.floating("qwen3.attention.layer_norm_rms_epsilon"))
                    .hasValue(1e-5);
            assertThat(metadata.floating("qwen3.rope.freq_base")).hasValue(5000);
            assertThat(metadata.storedKey("qwen3.context_length")).isEqualTo("max_position_embeddings");
            assertThat(metadata.integer("qwen3.attention.sliding_window")).isEmpty();
        }
    }

    @Test
    void findsTensorsByTheirGgufNamesAndRemembersTheirOwn() throws IOException {
        writeSingle("lm_head.weight", "model.layers.0.self_attn.rotary_emb.inv_freq", "something.else");
        try (OpenModel model = OpenModel.open(folder)) {
            // The output is tied, frequencies are calculated; what is not known keeps its name.
            assertThat(model.tensors().keySet())
                    .containsExactlyInAnyOrder("token_embd.weight", "blk.1.attn_q.weight", "something.else");
            TensorInfo query = model.tensor("blk.1.attn_q.weight").orElseThrow();
            assertThat(query.shape()).containsExactly(8L, 24L);
            assertThat(model.storedName(query.name())).isEqualTo("model.layers.1.self_attn.q_proj.weight");
            assertThat(model.data(query).get(ValueLayout.JAVA_BYTE, 0))
                    .isEqualTo((byte) "model.layers.1.self_attn.q_proj.weight".length());
        }
        try (OpenModel model = OpenModel.open(folder.resolve("model.safetensors"))) {
            assertThat(model.tensors()).hasSize(3);
        }
    }

    @Test
    void putsShardsTogether() throws IOException {
        writeShards(INDEX);
        try (OpenModel model = OpenModel.open(folder)) {
            assertThat(model.format()).isEqualTo("safetensors, 2 files");
            assertThat(model.tensors().keySet()).containsExactlyInAnyOrder("token_embd.weight", "output_norm.weight");
            TensorInfo norm = model.tensor("output_norm.weight").orElseThrow();
            assertThat(model.data(norm).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) "model.norm.weight".length());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "00002-of-00002 | 00003-of-00002 | model-00003-of-00002.safetensors",
                "model.norm.weight | model.other.weight | model.other.weight",
                "model-00002-of-00002.safetensors | ../secret.safetensors | no file name",
                "model-00002-of-00002.safetensors | /etc/x.safetensors | no file name",
                "weight_map | weights | weight_map",
                "\"model-00002-of-00002.safetensors\" | 7 | no file name"
            })
    void refusesAnIndexThatIsWrong(String from, String to, String named) throws IOException {
        writeShards(INDEX.replace(from, to));
        assertThatThrownBy(() -> OpenModel.open(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(named);
    }

    @Test
    void refusesATensorThatTwoFilesHold() throws IOException {
        writeShards(INDEX);
        tensor(tensor(SafetensorsWriter.create(), "model.norm.weight", 8, 1), "model.embed_tokens.weight", 8, 3)
                .writeTo(folder.resolve("model-00002-of-00002.safetensors"));
        assertThatThrownBy(() -> OpenModel.open(folder)).hasMessageContainingAll("embed_tokens", "00001-of-00002");
    }

    @Test
    void readsTheChatTemplateWhereverItStands() throws IOException {
        writeSingle();
        assertTemplates(null);
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"chat_template\": [{\"name\": \"default\", \"template\": \"one\"},"
                        + " {\"name\": \"tool_use\", \"template\": \"two\"}]}");
        assertTemplates("one");
        try (OpenModel model = OpenModel.open(folder)) {
            assertThat(model.chatTemplates()).containsEntry("tool_use", "two");
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": \"three\"}");
        assertTemplates("three");
        Files.writeString(folder.resolve("chat_template.jinja"), "four");
        assertTemplates("four");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": 4}");
        assertThatThrownBy(() -> OpenModel.open(folder)).hasMessageContaining("chat_template");
    }

    private void assertTemplates(@org.jspecify.annotations.Nullable String expected) {
        try (OpenModel model = OpenModel.open(folder)) {
            assertThat(model.chatTemplate().orElse(null)).isEqualTo(expected);
        }
    }

    @Test
    void handsItsDocumentsOut() throws IOException {
        writeSingle();
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        try (OpenModel model = OpenModel.open(folder)) {
            assertThat(model.document("tokenizer.json").orElseThrow()).hasSize(2);
            assertThat(model.document("special_tokens_map.json")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_size\": 8 | \"hidden_size\": \"8\" | hidden_size' is \"8\", expected a whole number",
                "\"hidden_size\": 8, | | hidden_size",
                "\"hidden_size\": 8 | \"hidden_size\": 1e300 | hidden_size",
                "\"model_type\": \"qwen3\" | \"model_type\": null | model_type",
                "\"vocab_size\": 3 | \"vocab_size\": 4 | vocab_size",
                "\"tie_word_embeddings\": true | \"tie_word_embeddings\": false | lm_head.weight",
                "\"hidden_act\": \"silu\" | \"hidden_act\": \"gelu\" | gelu",
                "\"hidden_act\": \"silu\" | \"quantization_config\": {\"quant_method\": \"gptq\"} | gptq",
                "Qwen3ForCausalLM | Qwen3ForSequenceClassification | SequenceClassification",
                "\"rope_scaling\": null | \"rope_scaling\": [] | rope_scaling",
                "\"hidden_size\": 8 | \"hidden_size\": 8, \"hidden_size\": 9 | hidden_size",
                "\"rope_theta\": 5000 | \"partial_rotary_factor\": 0.5 | partial_rotary_factor"
            })
    void refusesConfigurationsThatCannotBeUsed(String from, String to, String named) throws IOException {
        writeSingle();
        change(from, to == null ? "" : to);
        assertThatThrownBy(() -> OpenModel.open(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(named);
    }

    @Test
    void leavesUnknownArchitecturesToBeRefusedByName() throws IOException {
        writeSingle();
        change("\"model_type\": \"qwen3\"", "\"model_type\": \"mamba\"");
        try (OpenModel model = OpenModel.open(folder)) {
            assertThat(model.architecture()).isEqualTo("mamba");
        }
    }

    @Test
    void aFolderMayHoldOneGgufFileInstead() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        assertThatThrownBy(() -> OpenModel.open(other)).hasMessageContaining("neither a config.json nor a GGUF file");
        GgufWriter.create()
                .text("general.architecture", "llama")
                .text("tokenizer.chat_template", "plain")
                .text("tokenizer.chat_template.tool_use", "tools")
                .writeTo(other.resolve("a.gguf"));
        try (OpenModel model = OpenModel.open(other)) {
            assertThat(model.layout()).isEqualTo(OpenModel.Layout.GGUF);
            assertThat(model.ropePairing()).isEqualTo(RopePairing.NEIGHBOURS);
            assertThat(model.chatTemplate()).contains("plain");
            assertThat(model.chatTemplates()).containsEntry("tool_use", "tools");
        }
        GgufWriter.create().writeTo(other.resolve("b.gguf"));
        assertThatThrownBy(() -> OpenModel.open(other))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.hint()).contains("a.gguf, b.gguf"));
    }
}
