package dev.slipway.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tool.ToolCallParser.Piece;
import dev.slipway.engine.tool.ToolParsers.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolParsersTest {
    @Test
    void theOptionDecidesFirst() {
        assertThat(ToolParsers.choose("none", "…<tool_call>…", "qwen2").form()).isEqualTo(ToolForm.PASSTHROUGH);
        assertThat(ToolParsers.choose("passthrough", "…<tool_call>…", "").form())
                .isEqualTo(ToolForm.PASSTHROUGH);
        assertThat(ToolParsers.choose("hermes", "", "llama").form()).isEqualTo(ToolForm.HERMES);
    }

    @Test
    void theTemplateDecidesNextAndTheReasonSaysSo() {
        Choice choice = ToolParsers.choose("auto", "{{ '<tool_call>' }}", "llama");
        assertThat(choice.form()).isEqualTo(ToolForm.HERMES);
        assertThat(choice.reason()).contains("chat template");
    }

    @Test
    void aTemplateOfAnotherFormIsNotMistakenForHermes() {
        Choice choice = ToolParsers.choose("", "<tool_call>\n<function=", "qwen3");
        assertThat(choice.form()).isEqualTo(ToolForm.PASSTHROUGH);
        assertThat(choice.reason()).contains("<function=");
    }

    @Test
    void everyFormIsKnownByWhatItsTemplatesContain() {
        assertThat(ToolParsers.choose("auto", "<tool_call>\n<function=x>\n<parameter=y>", "qwen3moe")
                        .form())
                .isEqualTo(ToolForm.QWEN3_XML);
        assertThat(ToolParsers.choose("auto", "{{ '[TOOL_CALLS]' }}", "llama").form())
                .isEqualTo(ToolForm.MISTRAL);
        assertThat(ToolParsers.choose("auto", "{{ '<|python_tag|>' }}", "llama").form())
                .isEqualTo(ToolForm.LLAMA3_JSON);
        assertThat(ToolParsers.choose("auto", "\"{\\\"name\\\": function name, \\\"parameters\\\": x}\"", "llama")
                        .form())
                .isEqualTo(ToolForm.LLAMA3_JSON);
    }

    @Test
    void theTemplatesOfRealModelsChooseTheirForm() throws IOException {
        Path templates = Path.of(System.getenv().getOrDefault("SLIPWAY_TEST_DATA", ""), "chat-templates");
        if (!Files.isDirectory(templates)) {
            System.out.println("skipped: SLIPWAY_TEST_DATA names no folder with chat-templates");
            return;
        }
        Map<String, ToolForm> forms = Map.of(
                "NousResearch-Hermes-3-Llama-3.1-8B-tool_use.jinja", ToolForm.HERMES,
                "Qwen-Qwen2.5-7B-Instruct.jinja", ToolForm.HERMES,
                "google-gemma-2-2b-it.jinja", ToolForm.PASSTHROUGH,
                "meta-llama-Llama-3.1-8B-Instruct.jinja", ToolForm.LLAMA3_JSON,
                "meta-llama-Llama-3.2-3B-Instruct.jinja", ToolForm.LLAMA3_JSON,
                "microsoft-Phi-3.5-mini-instruct.jinja", ToolForm.PASSTHROUGH,
                "mistralai-Mistral-Nemo-Instruct-2407.jinja", ToolForm.MISTRAL);
        for (Map.Entry<String, ToolForm> expected : forms.entrySet()) {
            String source = Files.readString(templates.resolve(expected.getKey()));
            assertThat(ToolParsers.choose("auto", source, "").form())
                    .as(expected.getKey())
                    .isEqualTo(expected.getValue());
        }
    }

    @Test
    void theArchitectureDecidesWhenThereIsNoTemplate() {
        assertThat(ToolParsers.choose("auto", "", "qwen2").form()).isEqualTo(ToolForm.HERMES);
        assertThat(ToolParsers.choose("auto", "", "mistral").form()).isEqualTo(ToolForm.MISTRAL);
        assertThat(ToolParsers.choose("auto", "", "llama").form()).isEqualTo(ToolForm.PASSTHROUGH);
        assertThat(ToolParsers.choose("auto", "{{ messages }}", "qwen2").form()).isEqualTo(ToolForm.PASSTHROUGH);
    }

    @Test
    void anUnknownOptionIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> ToolParsers.choose("hermès", "", ""))
                .isInstanceOfSatisfying(EngineException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("engine.invalid-request");
                    assertThat(refusal.hint())
                            .contains("hermes", "llama3_json", "qwen3_xml", "mistral", "passthrough", "auto");
                });
    }

    @Test
    void withoutAFormEverythingIsContent() {
        ToolCallParser parser = AnswerForm.PLAIN.newParser(DeclaredTools.NONE, Parsers.written(""));
        assertThat(parser.push("<tool_call>")).containsExactly(new Piece.Content("<tool_call>"));
        assertThat(parser.push("")).isEmpty();
        assertThat(parser.finish()).isEqualTo(List.of());
    }
}
