package dev.slipway.engine.tool;

import dev.slipway.engine.EngineException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Chooses the form in which a model writes tool calls. */
public final class ToolParsers {
    private static final String AUTO = "auto";
    private static final String NONE = "none";

    /** Markers of forms that templates show and that this version does not read. */
    private static final List<String> OTHER_MARKERS = List.of(
            "<|tool_calls_section_begin|>",
            "<｜tool▁calls▁begin｜>",
            "<|START_ACTION|>",
            "<arg_key>",
            "<function=",
            "to=functions.");

    private ToolParsers() {}

    /**
     * A form, and why it was chosen, in words for a log.
     *
     * @param form the form
     * @param reason a sentence without a full stop
     */
    public record Choice(ToolForm form, String reason) {}

    /** Every word that the option takes. */
    public static List<String> names() {
        return Stream.concat(
                        Stream.of(AUTO, NONE), Arrays.stream(ToolForm.values()).map(ToolForm::label))
                .toList();
    }

    /**
     * Chooses by option, else by what the model's template contains, else by architecture, else passthrough.
     *
     * @param option one of {@link #names}; empty means {@code auto}, and {@code none} means {@code passthrough}
     * @param templateSource the model's chat template; empty when it has none
     * @param architecture such as {@code qwen2}; empty when unknown
     * @throws EngineException {@code engine.invalid-request} when the option is none of these
     */
    public static Choice choose(String option, String templateSource, String architecture) {
        if (!option.isEmpty() && !option.equals(AUTO)) {
            return new Choice(named(option), "the option tool_parser asks for it");
        }
        if (!templateSource.isEmpty()) {
            return byTemplate(templateSource);
        }
        return byArchitecture(architecture)
                .map(form -> new Choice(
                        form,
                        "there is no chat template, and models of the architecture " + architecture
                                + " write calls this way"))
                .orElseGet(() -> new Choice(
                        ToolForm.PASSTHROUGH,
                        "there is no chat template, and the architecture shows no form of tool calls"));
    }

    private static Choice byTemplate(String template) {
        if (template.contains("<function=") && template.contains("<parameter=")) {
            return new Choice(ToolForm.QWEN3_XML, "the chat template writes calls with <function=…>");
        }
        if (template.contains("[TOOL_CALLS]")) {
            return new Choice(ToolForm.MISTRAL, "the chat template writes calls with [TOOL_CALLS]");
        }
        for (String marker : OTHER_MARKERS) {
            if (template.contains(marker)) {
                return new Choice(
                        ToolForm.PASSTHROUGH,
                        "the chat template writes calls with " + marker + ", a form that this version does not read");
            }
        }
        if (template.contains("<tool_call>")) {
            return new Choice(ToolForm.HERMES, "the chat template writes calls within <tool_call>");
        }
        if (template.contains("<|python_tag|>") || asksForParameters(template)) {
            return new Choice(ToolForm.LLAMA3_JSON, "the chat template asks for JSON with name and parameters");
        }
        return new Choice(ToolForm.PASSTHROUGH, "the chat template shows no form of tool calls");
    }

    /** The sentence with which Llama's templates explain calls, however its quotes are escaped. */
    private static boolean asksForParameters(String template) {
        String plain = template.replace("\\", "");
        return plain.contains("{\"name\": function name, \"parameters\":");
    }

    private static Optional<ToolForm> byArchitecture(String architecture) {
        if (architecture.startsWith("qwen2") || architecture.startsWith("qwen3")) {
            return Optional.of(ToolForm.HERMES);
        }
        if (architecture.startsWith("mistral") || architecture.startsWith("mixtral")) {
            return Optional.of(ToolForm.MISTRAL);
        }
        return Optional.empty();
    }

    private static ToolForm named(String option) {
        if (option.equals(NONE)) {
            return ToolForm.PASSTHROUGH;
        }
        return Arrays.stream(ToolForm.values())
                .filter(form -> form.label().equals(option))
                .findFirst()
                .orElseThrow(() -> EngineException.invalid(
                        "engine.invalid-request",
                        "The option tool_parser is \"" + option + "\", which is no form of tool calls.",
                        "Use one of: " + String.join(", ", names()) + "."));
    }
}
