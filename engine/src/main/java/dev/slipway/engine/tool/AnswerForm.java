package dev.slipway.engine.tool;

import dev.slipway.engine.template.ChatTemplate.Rendered;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * How the answers of a model are read.
 *
 * @param tools the form of its tool calls
 * @param thinking the ways in which it marks thinking; none leaves thinking in the content
 * @param startsThinking whether every answer begins inside a section of the first of these ways, whatever the prompt
 */
public record AnswerForm(ToolForm tools, List<Thinking> thinking, boolean startsThinking) {
    /** Everything is content. */
    public static final AnswerForm PLAIN = new AnswerForm(ToolForm.PASSTHROUGH, List.of(), false);

    public AnswerForm {
        thinking = List.copyOf(thinking);
    }

    /**
     * A parser for one answer.
     *
     * @param declared the tools that the request offers; without any, nothing is taken for a call
     * @param prompt the text in front of the answer: where it ends inside a thinking section, the answer begins there
     */
    public ToolCallParser newParser(DeclaredTools declared, Rendered prompt) {
        if (thinking.isEmpty() && tools.calls(declared).equals(CallForm.NONE)) {
            return ToolCallParser.none();
        }
        AnswerReader reader = new AnswerReader(tools.calls(declared), tools.ids(), thinking);
        begunThinking(prompt).ifPresent(reader::beginThinking);
        return reader;
    }

    /** The thinking section inside which an answer to a prompt begins. */
    public Optional<Thinking> begunThinking(Rendered prompt) {
        String end = prompt.text().stripTrailing();
        return thinking.stream()
                .filter(way -> startsThinking || opens(way, end, prompt.written()))
                .findFirst();
    }

    /** Whether the template itself, and not a message, leaves a section open. */
    private static boolean opens(Thinking way, String end, BitSet written) {
        return end.endsWith(way.open())
                && written.nextClearBit(end.length() - way.open().length()) >= end.length();
    }
}
