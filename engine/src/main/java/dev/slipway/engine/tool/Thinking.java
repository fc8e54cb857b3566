package dev.slipway.engine.tool;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A way of marking the thinking section of an answer. */
public enum Thinking {
    /** {@code <think>}: Qwen, DeepSeek, and most others. */
    THINK("<think>", "</think>"),
    /** {@code <thinking>}. */
    THINKING("<thinking>", "</thinking>"),
    /** {@code [THINK]}: Mistral's Magistral. */
    MISTRAL("[THINK]", "[/THINK]"),
    /** {@code <|START_THINKING|>}: Cohere's Command. */
    COHERE("<|START_THINKING|>", "<|END_THINKING|>"),
    /** {@code <seed:think>}: ByteDance's Seed. */
    SEED("<seed:think>", "</seed:think>"),
    /** The channels of gpt-oss: {@code analysis} is thinking, {@code commentary} and {@code final} are content. */
    CHANNELS("<|channel|>analysis<|message|>", "<|end|>");

    private static final List<String> CHANNEL_MARKUP = List.of(
            "<|start|>assistant",
            "<|channel|>final<|message|>",
            "<|channel|>commentary<|message|>",
            "<|end|>",
            "<|return|>");

    private final String open;
    private final String close;

    Thinking(String open, String close) {
        this.open = open;
        this.close = close;
    }

    /** The name that options use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What begins a section. */
    public String open() {
        return open;
    }

    /** What ends a section. */
    public String close() {
        return close;
    }

    /** Markup that carries no text at all. */
    List<String> silent() {
        return this == CHANNELS ? CHANNEL_MARKUP : List.of();
    }

    /** The ways that a chat template shows. */
    static List<Thinking> shownBy(String template) {
        return Arrays.stream(values())
                .filter(way -> template.contains(way.open)
                        || template.contains(way.close) && way != CHANNELS
                        || way == CHANNELS && template.contains("<|channel|>analysis"))
                .toList();
    }
}
