package dev.slipway.engine.tool;

import java.util.Locale;
import java.util.Optional;

/** A way of writing tool calls into an answer. */
public enum ToolForm {
    /** {@code <tool_call>} around a JSON object with name and arguments. */
    HERMES,
    /** JSON objects with name and parameters, after {@code <|python_tag|>} or bare. */
    LLAMA3_JSON,
    /** {@code <function=…>} with {@code <parameter=…>} inside, within {@code <tool_call>}. */
    QWEN3_XML,
    /** {@code [TOOL_CALLS]} with an array of JSON objects, or with {@code name[ARGS]{…}}. */
    MISTRAL,
    /** No form at all: the whole answer is content. */
    PASSTHROUGH;

    /** The name that options use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    CallForm calls(DeclaredTools tools) {
        if (tools.isEmpty()) {
            return CallForm.NONE;
        }
        return switch (this) {
            case HERMES -> CallForm.hermes(tools);
            case LLAMA3_JSON -> CallForm.llama3Json(tools);
            case QWEN3_XML -> CallForm.qwen3Xml(tools);
            case MISTRAL -> CallForm.mistral(tools);
            case PASSTHROUGH -> CallForm.NONE;
        };
    }

    /** How calls are written; empty for no form at all. */
    public Optional<CallMarkup> markup() {
        return switch (this) {
            case HERMES -> Optional.of(CallMarkup.HERMES);
            case LLAMA3_JSON -> Optional.of(CallMarkup.LLAMA3_JSON);
            case QWEN3_XML -> Optional.of(CallMarkup.QWEN3_XML);
            case MISTRAL -> Optional.of(CallMarkup.MISTRAL);
            case PASSTHROUGH -> Optional.empty();
        };
    }

    CallIds ids() {
        return this == MISTRAL ? CallIds.NINE : CallIds.LONG;
    }
}
