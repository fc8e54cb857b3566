package dev.slipway.engine.tool;

import java.util.List;

/**
 * Reads tool calls and thinking sections out of an answer while it streams. One per answer; for one thread.
 *
 * <p>For every way of cutting an answer into pushes, the pieces joined together are the same. Markup that was
 * understood never shows in any piece; markup that turns out to be no call comes back as content, whole.
 */
public interface ToolCallParser {
    /** Takes the next text of the answer; gives what is certain by now. */
    List<Piece> push(String text);

    /** Ends the answer; gives what was held back. */
    List<Piece> finish();

    /** A part of the answer. */
    sealed interface Piece {
        /** Text for the reader. */
        record Content(String text) implements Piece {}

        /** Text of the model's thinking. */
        record Reasoning(String text) implements Piece {}

        /**
         * A part of a tool call.
         *
         * @param index which call of the answer, from 0
         * @param id the call's id on its first piece, empty after that
         * @param name the function's name on its first piece, empty after that
         * @param argumentsFragment the next part of the arguments' JSON text; may be empty
         */
        record Call(int index, String id, String name, String argumentsFragment) implements Piece {}
    }

    /**
     * Whether a token of that text, which the vocabulary counts as control, is markup that this parser reads. Other
     * control tokens never reach it.
     */
    default boolean reads(String controlToken) {
        return false;
    }

    /** Everything is content. */
    static ToolCallParser none() {
        return new PlainParser();
    }
}
