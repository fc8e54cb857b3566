package dev.slipway.engine.tool;

import dev.slipway.engine.tool.ToolCallParser.Piece;
import java.util.ArrayList;
import java.util.List;

/** Collects the pieces of one push; neighbouring texts of one kind become one piece. */
final class PieceList {
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();

    void content(CharSequence text) {
        endReasoning();
        content.append(text);
    }

    void content(char letter) {
        endReasoning();
        content.append(letter);
    }

    void reasoning(CharSequence text) {
        endContent();
        reasoning.append(text);
    }

    void call(Piece.Call call) {
        endContent();
        endReasoning();
        pieces.add(call);
    }

    /** The pieces so far; the list is empty after that. */
    List<Piece> take() {
        endContent();
        endReasoning();
        List<Piece> taken = List.copyOf(pieces);
        pieces.clear();
        return taken;
    }

    private void endContent() {
        if (!content.isEmpty()) {
            pieces.add(new Piece.Content(content.toString()));
            content.setLength(0);
        }
    }

    private void endReasoning() {
        if (!reasoning.isEmpty()) {
            pieces.add(new Piece.Reasoning(reasoning.toString()));
            reasoning.setLength(0);
        }
    }
}
