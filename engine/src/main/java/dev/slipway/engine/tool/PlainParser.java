package dev.slipway.engine.tool;

import java.util.List;

/** Passes every text through. */
final class PlainParser implements ToolCallParser {
    @Override
    public List<Piece> push(String text) {
        return text.isEmpty() ? List.of() : List.of(new Piece.Content(text));
    }

    @Override
    public List<Piece> finish() {
        return List.of();
    }
}
