package dev.slipway.engine.tokenizer;

import java.util.HashMap;
import java.util.Map;

/** Finds tokens that are kept whole, before anything else looks at a text: the leftmost, and there the longest. */
final class AddedTokens {
    private static final int NONE = -1;

    private final Node root = new Node();

    /** The added tokens of a vocabulary: user-defined ones, and with {@code control} those that steer as well. */
    AddedTokens(Vocabulary vocabulary, boolean control) {
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            TokenKind kind = vocabulary.kinds().get(id);
            boolean wanted = kind == TokenKind.USER_DEFINED
                    || (control && (kind == TokenKind.CONTROL || kind == TokenKind.UNKNOWN));
            if (wanted && !vocabulary.tokens().get(id).isEmpty()) {
                add(vocabulary.tokens().get(id), id);
            }
        }
    }

    private void add(String text, int id) {
        Node node = root;
        for (int i = 0; i < text.length(); i++) {
            node = node.children.computeIfAbsent(text.charAt(i), letter -> new Node());
        }
        if (node.token == NONE) {
            node.token = id;
            node.length = text.length();
        }
    }

    /** What lies between added tokens, and the tokens themselves, in order. */
    interface Sink {
        void text(int from, int to);

        void token(int id);
    }

    void split(String text, Sink sink) {
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            Node match = longest(text, at);
            if (match.token == NONE) {
                at++;
                continue;
            }
            if (at > from) {
                sink.text(from, at);
            }
            sink.token(match.token);
            at += match.length;
            from = at;
        }
        if (from < text.length()) {
            sink.text(from, text.length());
        }
    }

    private Node longest(String text, int from) {
        Node best = root;
        Node node = root.children.get(text.charAt(from));
        for (int at = from + 1; node != null; at++) {
            if (node.token != NONE) {
                best = node;
            }
            node = at < text.length() ? node.children.get(text.charAt(at)) : null;
        }
        return best;
    }

    private static final class Node {
        private final Map<Character, Node> children = new HashMap<>(2);
        private int token = NONE;
        private int length;
    }
}
