package dev.slipway.engine.tool;

import dev.slipway.engine.tool.ToolCallParser.Piece;
import java.util.ArrayList;
import java.util.List;

/** The pieces of an answer, joined. */
record ParsedAnswer(String content, String reasoning, List<Call> calls) {
    record Call(int index, String name, String arguments) {}

    /** Pushes each part and joins what comes out, checking the order of a call's pieces on the way. */
    static ParsedAnswer of(ToolCallParser parser, List<String> parts) {
        List<Piece> pieces = new ArrayList<>();
        parts.forEach(part -> pieces.addAll(parser.push(part)));
        pieces.addAll(parser.finish());
        return joined(pieces);
    }

    static ParsedAnswer joined(List<Piece> pieces) {
        StringBuilder content = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Content(String text) -> content.append(text);
                case Piece.Reasoning(String text) -> reasoning.append(text);
                case Piece.Call(int index, String id, String name, String fragment) -> {
                    if (index == calls.size()) {
                        if (id.length() < 9 || name.isEmpty()) {
                            throw new AssertionError(
                                    "the first piece of call " + index + " lacks id or name: " + piece);
                        }
                        calls.add(new Call(index, name, fragment));
                    } else if (index == calls.size() - 1 && id.isEmpty() && name.isEmpty()) {
                        Call begun = calls.removeLast();
                        calls.add(new Call(index, begun.name, begun.arguments + fragment));
                    } else {
                        throw new AssertionError("a piece out of order: " + piece);
                    }
                }
            }
        }
        return new ParsedAnswer(content.toString(), reasoning.toString(), calls);
    }
}
