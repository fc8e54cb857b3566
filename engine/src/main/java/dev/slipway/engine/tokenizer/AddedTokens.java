package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.algorithm.PieceTrie;
import dev.slipway.engine.tokenizer.pattern.CharacterProperties;
import dev.slipway.engine.tokenizer.pattern.CharacterSet;
import java.util.BitSet;
import java.util.List;

/** Finds tokens that are kept whole, before anything else looks at a text: the leftmost, and there the longest. */
final class AddedTokens {
    static final AddedTokens NONE = new AddedTokens(List.of());

    private final List<AddedToken> tokens;
    private final PieceTrie trie;
    private final BitSet firsts = new BitSet();

    AddedTokens(List<AddedToken> all) {
        tokens = all.stream().filter(token -> !token.text().isEmpty()).toList();
        trie = new PieceTrie(tokens.size() * 8);
        for (int i = 0; i < tokens.size(); i++) {
            trie.add(PieceTrie.ROOT, tokens.get(i).text(), i);
            firsts.set(tokens.get(i).text().charAt(0));
        }
    }

    /** What lies between added tokens, and the tokens themselves, in order. */
    interface Sink {
        void text(int from, int to);

        void token(int id);
    }

    void split(String text, int begin, int end, Sink sink) {
        split(text, begin, end, (token, from, to) -> true, sink);
    }

    /** Which of the tokens that are spelled somewhere count there. */
    interface Filter {
        boolean counts(AddedToken token, int from, int to);
    }

    /** Whether a control token is among these. */
    boolean hasControl() {
        return tokens.stream().anyMatch(AddedToken::control);
    }

    void split(String text, int begin, int end, Filter filter, Sink sink) {
        int from = begin;
        int at = tokens.isEmpty() ? end : begin;
        while (at < end) {
            int found = firsts.get(text.charAt(at)) ? longest(text, at, end, filter) : PieceTrie.NONE;
            if (found == PieceTrie.NONE) {
                at++;
                continue;
            }
            AddedToken token = tokens.get(found);
            int start = at;
            int stop = at + token.text().length();
            at = stop;
            if (token.wholeWord() && (isWordBefore(text, start, begin) || isWordAt(text, stop, end))) {
                continue;
            }
            while (token.takesSpaceBefore() && start > from && isSpace(text, start - 1)) {
                start--;
            }
            while (token.takesSpaceAfter() && stop < end && isSpace(text, stop)) {
                stop++;
            }
            if (start > from) {
                sink.text(from, start);
            }
            sink.token(token.id());
            from = stop;
            at = stop;
        }
        if (from < end) {
            sink.text(from, end);
        }
    }

    private int longest(String text, int from, int end, Filter filter) {
        int best = PieceTrie.NONE;
        int node = trie.child(PieceTrie.ROOT, text.charAt(from));
        for (int at = from + 1; node != PieceTrie.NONE; at++) {
            int token = trie.token(node);
            if (token != PieceTrie.NONE && filter.counts(tokens.get(token), from, at)) {
                best = token;
            }
            node = at < end ? trie.child(node, text.charAt(at)) : PieceTrie.NONE;
        }
        return best;
    }

    private static boolean isSpace(String text, int at) {
        return CharacterSet.SPACE.contains(text.charAt(at));
    }

    private static boolean isWordBefore(String text, int at, int begin) {
        return at > begin && CharacterProperties.WORD.contains(text.codePointBefore(at));
    }

    private static boolean isWordAt(String text, int at, int end) {
        return at < end && CharacterProperties.WORD.contains(text.codePointAt(at));
    }
}
