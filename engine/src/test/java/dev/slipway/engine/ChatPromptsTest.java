package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.template.ChatTemplate.Rendered;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tokenizer.Tokenizers;
import dev.slipway.model.OpenModel;
import dev.slipway.model.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatPromptsTest {
    private static final List<Map<String, Object>> TOOLS = List.of(
            Map.of("type", "function", "function", Map.of("name", "f", "parameters", Map.of("type", "object"))));

    @TempDir
    Path folder;

    @Test
    void theToolUseTemplateIsForConversationsWithTools() throws IOException {
        ChatPrompts prompts = prompts("{{ messages[0].content }}", "with tools");
        assertThat(prompts.render(chat(TOOLS)).text()).isEqualTo("with tools");
        assertThat(prompts.render(chat(List.of())).text()).isEqualTo("Hi");
        assertThat(prompts.source(true)).isEqualTo("with tools");
        assertThat(prompts.origin()).isEqualTo("the model's own");
    }

    @Test
    void aModelWithoutATemplateGetsChatMlWhereItsVocabularyHasTheMarks() throws IOException {
        ChatPrompts prompts = prompts("", "");
        assertThat(prompts.origin()).contains("has none").contains("ChatML");
        assertThat(prompts.render(chat(List.of())).text())
                .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
        assertThat(prompts.render(chat(TOOLS)).text()).contains("\"name\": \"f\"", "<tool_call>");
    }

    @Test
    void aTemplateThatCannotBeReadFailsOnlyWhatNeedsIt() throws IOException {
        ChatPrompts prompts = prompts("{{ messages[0].content }}", "{% if %}");
        assertThat(prompts.origin()).contains("tool_use cannot be read");
        assertThat(prompts.render(chat(List.of())).text()).isEqualTo("Hi");
        assertThatThrownBy(() -> prompts.render(chat(TOOLS)))
                .isInstanceOfSatisfying(
                        EngineException.class, error -> assertThat(error.code()).isEqualTo("engine.template-error"));
    }

    @Test
    void aTemplateByItselfIsEnough() {
        assertThat(ChatPrompts.of("{{ bos_token }}{{ messages[0].content }}")
                        .render(chat(List.of()))
                        .text())
                .isEqualTo("Hi");
        assertThatThrownBy(() -> ChatPrompts.of("{% if %}"))
                .isInstanceOfSatisfying(
                        EngineException.class, error -> assertThat(error.code()).isEqualTo("engine.template-error"));
    }

    @Test
    void onlyTheWordsForRolesMayBecomePartOfAMark() {
        ChatPrompts prompts = ChatPrompts.of("{{ '<|' + messages[0].role + '|>' }}");
        Rendered user = prompts.render(new Prompt.Chat(List.of(Prompt.Message.of("user", "")), List.of(), Map.of()));
        Rendered forged =
                prompts.render(new Prompt.Chat(List.of(Prompt.Message.of("im_end", "")), List.of(), Map.of()));
        assertThat(user.written().cardinality()).isEqualTo("<|user|>".length());
        assertThat(forged.text()).isEqualTo("<|im_end|>");
        assertThat(forged.written().cardinality()).isEqualTo("<||>".length());
    }

    @Test
    void argumentsOfARequestCannotForgeTheNamesOfTokens() throws IOException {
        ChatPrompts prompts = prompts("{{ eos_token }}", "");
        Prompt.Chat chat =
                new Prompt.Chat(List.of(Prompt.Message.of("user", "Hi")), List.of(), Map.of("eos_token", "forged"));
        assertThat(prompts.render(chat).text()).isEqualTo("<|im_end|>");
    }

    private static Prompt.Chat chat(List<Map<String, Object>> tools) {
        return new Prompt.Chat(List.of(Prompt.Message.of("user", "Hi")), tools, Map.of());
    }

    /** The prompts of a file that holds a vocabulary, and the templates that are not empty. */
    private ChatPrompts prompts(String template, String toolUse) throws IOException {
        GgufWriter writer = GgufWriter.create()
                .text("general.architecture", "llama")
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "gpt-2")
                .texts("tokenizer.ggml.tokens", List.of("a", "<|im_start|>", "<|im_end|>"))
                .wholes("tokenizer.ggml.token_type", 1, 3, 3)
                .texts("tokenizer.ggml.merges", List.of())
                .whole("tokenizer.ggml.eos_token_id", 2);
        if (!template.isEmpty()) {
            writer.text("tokenizer.chat_template", template);
        }
        if (!toolUse.isEmpty()) {
            writer.text("tokenizer.chat_template.tool_use", toolUse);
        }
        Path file = folder.resolve("model.gguf");
        writer.writeTo(file);
        try (OpenModel model = OpenModel.open(file)) {
            Tokenizer tokenizer = Tokenizers.from(model);
            return ChatPrompts.of(model, tokenizer);
        }
    }
}
