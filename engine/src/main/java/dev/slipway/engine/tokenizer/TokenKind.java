package dev.slipway.engine.tokenizer;

import dev.slipway.engine.EngineException;

/** What a vocabulary says of a token; the order of GGUF's {@code tokenizer.ggml.token_type}, which counts from 1. */
public enum TokenKind {
    /** A piece of text. */
    NORMAL,
    /** Stands for what the vocabulary cannot express. */
    UNKNOWN,
    /** Steers the model; never part of a text. */
    CONTROL,
    /** A piece of text that is always kept whole. */
    USER_DEFINED,
    /** Holds a place and is never produced. */
    UNUSED,
    /** One byte, written {@code <0xNN>}. */
    BYTE;

    private static final TokenKind[] KINDS = values();

    /** The kind of a number in a GGUF file. */
    public static TokenKind ofGguf(long number) {
        if (number < 1 || number > KINDS.length) {
            throw EngineException.invalid(
                    "engine.vocabulary-invalid",
                    "The vocabulary has a token of kind " + number + "; kinds run from 1 to " + KINDS.length + ".",
                    "Get the model file again; this one is damaged or newer than this version knows.");
        }
        return KINDS[(int) number - 1];
    }
}
