package dev.slipway.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tool.ToolCallParser.Piece;
import dev.slipway.engine.tool.ToolParsers.Choice;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolParsersTest {
    @Test
    void theOptionDecidesFirst() {
        assertThat(ToolParsers.choose("none", "…<tool_call>…", "qwen2").form()).isEqualTo(ToolForm.NONE);
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
        assertThat(choice.form()).isEqualTo(ToolForm.NONE);
        assertThat(choice.reason()).contains("<function=");
    }

    @Test
    void theArchitectureDecidesWhenThereIsNoTemplate() {
        assertThat(ToolParsers.choose("auto", "", "qwen2").form()).isEqualTo(ToolForm.HERMES);
        assertThat(ToolParsers.choose("auto", "", "llama").form()).isEqualTo(ToolForm.NONE);
        assertThat(ToolParsers.choose("auto", "{{ messages }}", "qwen2").form()).isEqualTo(ToolForm.NONE);
    }

    @Test
    void anUnknownOptionIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> ToolParsers.choose("hermès", "", ""))
                .isInstanceOfSatisfying(EngineException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("engine.invalid-request");
                    assertThat(refusal.hint()).contains("hermes", "none", "auto");
                });
    }

    @Test
    void withoutAFormEverythingIsContent() {
        ToolCallParser parser = ToolForm.NONE.newParser();
        assertThat(parser.push("<tool_call>")).containsExactly(new Piece.Content("<tool_call>"));
        assertThat(parser.push("")).isEmpty();
        assertThat(parser.finish()).isEqualTo(List.of());
    }
}
