package dev.slipway.engine.tool;

/**
 * How a form writes calls, for those who make an answer keep to it: {@code start}, then calls with {@code between} in the
 * middle, then {@code end}; each call is {@code beforeName}, the function's name, {@code afterName}, its arguments and
 * {@code afterCall}.
 *
 * @param tagged whether each argument stands between {@code <parameter=…>} tags; else they are one JSON object
 */
public record CallMarkup(
        String start,
        String beforeName,
        String afterName,
        String afterCall,
        String between,
        String end,
        boolean tagged) {
    static final CallMarkup HERMES =
            new CallMarkup("", "<tool_call>\n{\"name\": \"", "\", \"arguments\": ", "}\n</tool_call>", "\n", "", false);
    static final CallMarkup LLAMA3_JSON =
            new CallMarkup("", "{\"name\": \"", "\", \"parameters\": ", "}", "; ", "", false);
    static final CallMarkup QWEN3_XML =
            new CallMarkup("", "<tool_call>\n<function=", ">\n", "</function>\n</tool_call>", "\n", "", true);
    static final CallMarkup MISTRAL =
            new CallMarkup("[TOOL_CALLS][", "{\"name\": \"", "\", \"arguments\": ", "}", ", ", "]", false);
}
