package dev.slipway.engine.tool;

import dev.slipway.engine.tool.ToolCallParser.Piece;
import java.util.ArrayList;
import java.util.List;

/** Collects the pieces of one push; neighbouring texts of one kind become one piece. */
final class PieceList {
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();
    private Kind kind = Kind.CONTENT;
    private int index;

    private enum Kind {
        CONTENT,
        REASONING,
        ARGUMENTS
    }

    void content(CharSequence text) {
        append(Kind.CONTENT, text);
    }

    void reasoning(CharSequence text) {
        append(Kind.REASONING, text);
    }

    /** The beginning of a call; what {@link #arguments} adds after this belongs to it. */
    void call(int callIndex, String id, String name) {
        end();
        index = callIndex;
        pieces.add(new Piece.Call(callIndex, id, name, ""));
    }

    void arguments(CharSequence fragment) {
        append(Kind.ARGUMENTS, fragment);
    }

    /** The pieces so far; the list is empty after that. */
    List<Piece> take() {
        end();
        List<Piece> taken = List.copyOf(pieces);
        pieces.clear();
        return taken;
    }

    private void append(Kind next, CharSequence text) {
        if (next != kind) {
            end();
            kind = next;
        }
        open.append(text);
    }

    private void end() {
        if (open.isEmpty()) {
            return;
        }
        String text = open.toString();
        open.setLength(0);
        pieces.add(
                switch (kind) {
                    case CONTENT -> new Piece.Content(text);
                    case REASONING -> new Piece.Reasoning(text);
                    case ARGUMENTS -> new Piece.Call(index, "", "", text);
                });
    }
}
