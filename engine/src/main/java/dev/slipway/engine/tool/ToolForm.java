package dev.slipway.engine.tool;

import java.util.Locale;

/** A way of writing tool calls into an answer. */
public enum ToolForm {
    /** {@code <tool_call>} around a JSON object with name and arguments. */
    HERMES,
    /** No form at all: the whole answer is content. */
    NONE;

    /** The name that options use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A parser for one answer. */
    public ToolCallParser newParser() {
        return switch (this) {
            case HERMES -> ToolCallParser.hermes();
            case NONE -> ToolCallParser.none();
        };
    }
}
