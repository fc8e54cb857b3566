package dev.slipway.engine.tool;

import dev.slipway.engine.EngineException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Chooses the form in which a model writes tool calls. */
public final class ToolParsers {
    private static final String AUTO = "auto";

    /** Markers of forms that templates show and that this version does not read. */
    private static final List<String> OTHER_MARKERS = List.of(
            "<function=", "[TOOL_CALLS]", "<|python_tag|>", "<|tool_calls_section_begin|>", "<｜tool▁calls▁begin｜>");

    private ToolParsers() {}

    /**
     * A form, and why it was chosen, in words for a log.
     *
     * @param form the form
     * @param reason a sentence without a full stop
     */
    public record Choice(ToolForm form, String reason) {}

    /**
     * Chooses by option, else by what the model's template contains, else by architecture, else none.
     *
     * @param option {@code auto}, {@code hermes} or {@code none}; empty means {@code auto}
     * @param templateSource the model's chat template; empty when it has none
     * @param architecture such as {@code qwen2}; empty when unknown
     * @throws EngineException {@code engine.invalid-request} when the option is none of these
     */
    public static Choice choose(String option, String templateSource, String architecture) {
        if (!option.isEmpty() && !option.equals(AUTO)) {
            return new Choice(named(option), "the option tool_parser asks for it");
        }
        for (String marker : OTHER_MARKERS) {
            if (templateSource.contains(marker)) {
                return new Choice(
                        ToolForm.NONE,
                        "the chat template writes calls with " + marker + ", a form that this version does not read");
            }
        }
        if (templateSource.contains("<tool_call>")) {
            return new Choice(ToolForm.HERMES, "the chat template writes calls within <tool_call>");
        }
        if (templateSource.isEmpty() && (architecture.startsWith("qwen2") || architecture.startsWith("qwen3"))) {
            return new Choice(
                    ToolForm.HERMES,
                    "models of the architecture " + architecture
                            + " write calls this way and there is no chat template");
        }
        return new Choice(ToolForm.NONE, "neither the chat template nor the architecture shows a form of tool calls");
    }

    private static ToolForm named(String option) {
        return Arrays.stream(ToolForm.values())
                .filter(form -> form.label().equals(option))
                .findFirst()
                .orElseThrow(() -> EngineException.invalid(
                        "engine.invalid-request",
                        "The option tool_parser is \"" + option + "\", which is no form of tool calls.",
                        "Use auto or one of: "
                                + Arrays.stream(ToolForm.values())
                                        .map(ToolForm::label)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
