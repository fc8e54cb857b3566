package dev.slipway.engine.tool;

import dev.slipway.engine.EngineException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chooses how thinking sections are told from content. */
public final class ReasoningParsers {
    private static final String AUTO = "auto";
    private static final String NONE = "none";
    /** {@code <think>} as well, for models whose answers begin inside the section without a mark. */
    private static final String STARTS_THINKING = "deepseek_r1";

    private ReasoningParsers() {}

    /**
     * The ways of marking thinking, and why they were chosen.
     *
     * @param thinking the ways, none to leave thinking in the content
     * @param startsThinking whether every answer begins inside a section
     * @param label the name that options use
     * @param reason a sentence without a full stop
     */
    public record Choice(List<Thinking> thinking, boolean startsThinking, String label, String reason) {
        public Choice {
            thinking = List.copyOf(thinking);
        }
    }

    /** Every word that the option takes. */
    public static List<String> names() {
        return Stream.concat(
                        Stream.of(AUTO, NONE, STARTS_THINKING),
                        Arrays.stream(Thinking.values()).map(Thinking::label))
                .toList();
    }

    /**
     * Chooses by option, else by what the model's template contains, else {@code <think>}, which hardly means anything
     * else at the beginning of an answer.
     *
     * @param option one of {@link #names}; empty means {@code auto}
     * @param templateSource the model's chat template; empty when it has none
     * @throws EngineException {@code engine.invalid-request} when the option is none of these
     */
    public static Choice choose(String option, String templateSource) {
        if (!option.isEmpty() && !option.equals(AUTO)) {
            return named(option);
        }
        List<Thinking> shown = Thinking.shownBy(templateSource);
        if (!shown.isEmpty()) {
            String label = shown.stream().map(Thinking::label).collect(Collectors.joining("+"));
            return new Choice(
                    shown,
                    false,
                    label,
                    "the chat template contains " + shown.getFirst().close());
        }
        return new Choice(
                List.of(Thinking.THINK), false, Thinking.THINK.label(), "the chat template shows no form of thinking");
    }

    private static Choice named(String option) {
        String reason = "the option reasoning_parser asks for it";
        if (option.equals(NONE)) {
            return new Choice(List.of(), false, NONE, reason);
        }
        if (option.equals(STARTS_THINKING)) {
            return new Choice(List.of(Thinking.THINK), true, option, reason);
        }
        return Arrays.stream(Thinking.values())
                .filter(way -> way.label().equals(option))
                .findFirst()
                .map(way -> new Choice(List.of(way), false, option, reason))
                .orElseThrow(() -> EngineException.invalid(
                        "engine.invalid-request",
                        "The option reasoning_parser is \"" + option + "\", which is no form of thinking.",
                        "Use one of: " + String.join(", ", names()) + "."));
    }
}
