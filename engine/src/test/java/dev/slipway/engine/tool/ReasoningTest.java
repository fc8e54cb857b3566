package dev.slipway.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tool.ParsedAnswer.Call;
import dev.slipway.engine.tool.ToolCallParser.Piece;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasoningTest {
    @ParameterizedTest
    @EnumSource(Thinking.class)
    void everyWayOfThinkingGoesToItsOwnChannelHoweverItIsCut(Thinking way) {
        assertThat(read(way, "", way.open() + "\nhm < ok\n" + way.close() + "\n\nYes."))
                .isEqualTo(answer("Yes.", "hm < ok"));
        assertThat(read(way, "", way.open() + "never ended ")).isEqualTo(answer("", "never ended"));
        assertThat(read(way, "", way.open() + way.close() + "x")).isEqualTo(answer("x", ""));
        assertThat(read(way, "", "plain")).isEqualTo(answer("plain", ""));
        assertThat(read(way, "", "")).isEqualTo(answer("", ""));
    }

    @ParameterizedTest
    @EnumSource(Thinking.class)
    void aSectionThatThePromptOpensContinuesInTheAnswer(Thinking way) {
        String prompt = "<|im_start|>assistant\n" + way.open() + "\n";
        assertThat(read(way, prompt, "hm" + way.close() + "\n\nYes.")).isEqualTo(answer("Yes.", "hm"));
        assertThat(read(way, prompt, "\n" + way.open() + "\nhm" + way.close() + "Yes."))
                .as("opened once more by the model")
                .isEqualTo(answer("Yes.", "hm"));
        assertThat(read(way, prompt + way.close() + "\n\n", "Yes.")).isEqualTo(answer("Yes.", ""));
    }

    @Test
    void gptOssNeedsNoMarkupBetweenItsChannels() {
        String text =
                "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary<|message|>Let me see."
                        + "<|end|><|start|>assistant<|channel|>analysis<|message|>again<|end|>"
                        + "<|start|>assistant<|channel|>final<|message|>Yes.<|return|>";
        assertThat(read(Thinking.CHANNELS, "", text)).isEqualTo(answer("Let me see.Yes.", "hm\n\nagain"));
    }

    @Test
    void thinkingComesWithoutToolsToo() {
        ToolCallParser parser = new AnswerForm(ToolForm.HERMES, List.of(Thinking.THINK), false)
                .newParser(DeclaredTools.NONE, Parsers.written(""));
        assertThat(ParsedAnswer.of(parser, List.of("<think>a</think><tool_call>{\"name\":\"a\"}</tool_call>")))
                .isEqualTo(new ParsedAnswer("<tool_call>{\"name\":\"a\"}</tool_call>", "a", List.of()));
    }

    @Test
    void thinkingStreamsAsItComes() {
        ToolCallParser parser = Parsers.of(ToolForm.HERMES);
        assertThat(parser.push("<think>one")).containsExactly(new Piece.Reasoning("one"));
        assertThat(parser.push(" two")).containsExactly(new Piece.Reasoning(" two"));
        assertThat(parser.push("</think>\nthree")).containsExactly(new Piece.Content("three"));
    }

    @Test
    void aCallInsideThinkingIsAThought() {
        String text =
                "<think>maybe <tool_call>{\"name\":\"a\"}</tool_call></think><tool_call>{\"name\":\"b\"}</tool_call>";
        assertThat(Parsers.parse(ToolForm.HERMES, List.of(text)))
                .isEqualTo(new ParsedAnswer(
                        "", "maybe <tool_call>{\"name\":\"a\"}</tool_call>", List.of(new Call(0, "b", "{}"))));
    }

    @Test
    void theOptionDecidesThenTheTemplateThenTheUsualTag() {
        assertThat(ReasoningParsers.choose("none", "<think>").thinking()).isEmpty();
        assertThat(ReasoningParsers.choose("mistral", "<think>").thinking()).containsExactly(Thinking.MISTRAL);
        assertThat(ReasoningParsers.choose("auto", "x</think>y").thinking()).containsExactly(Thinking.THINK);
        assertThat(ReasoningParsers.choose("", "[THINK]").thinking()).containsExactly(Thinking.MISTRAL);
        assertThat(ReasoningParsers.choose("", "<|channel|>analysis").thinking())
                .containsExactly(Thinking.CHANNELS);
        assertThat(ReasoningParsers.choose("auto", "").thinking()).containsExactly(Thinking.THINK);
        assertThat(ReasoningParsers.choose("auto", "").reason()).contains("no form");
        ReasoningParsers.Choice inside = ReasoningParsers.choose("deepseek_r1", "");
        AnswerForm form = new AnswerForm(ToolForm.PASSTHROUGH, inside.thinking(), inside.startsThinking());
        assertThat(ParsedAnswer.of(form.newParser(DeclaredTools.NONE, Parsers.written("")), List.of("hm</think>Yes.")))
                .isEqualTo(answer("Yes.", "hm"));
        assertThatThrownBy(() -> ReasoningParsers.choose("thinkng", ""))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> assertThat(refusal.hint()).contains("thinking", "auto", "none", "deepseek_r1"));
    }

    @Test
    void withoutAReasoningParserThinkingStaysContent() {
        ToolCallParser parser =
                new AnswerForm(ToolForm.HERMES, List.of(), false).newParser(Parsers.TOOLS, Parsers.written(""));
        assertThat(ParsedAnswer.of(parser, List.of("<think>a</think>b"))).isEqualTo(answer("<think>a</think>b", ""));
    }

    private static ParsedAnswer answer(String content, String reasoning) {
        return new ParsedAnswer(content, reasoning, List.of());
    }

    /** Reads an answer whole, by letters and cut in two everywhere; all have to agree. */
    private static ParsedAnswer read(Thinking way, String prompt, String text) {
        AnswerForm form = new AnswerForm(ToolForm.HERMES, List.of(way), false);
        ParsedAnswer whole = ParsedAnswer.of(form.newParser(Parsers.TOOLS, Parsers.written(prompt)), List.of(text));
        List<List<String>> splits = new ArrayList<>(List.of(Parsers.letters(text)));
        for (int cut = 0; cut <= text.length(); cut++) {
            splits.add(List.of(text.substring(0, cut), text.substring(cut)));
        }
        for (List<String> parts : splits) {
            assertThat(ParsedAnswer.of(form.newParser(Parsers.TOOLS, Parsers.written(prompt)), parts))
                    .as("%s", parts)
                    .isEqualTo(whole);
        }
        return whole;
    }
}
