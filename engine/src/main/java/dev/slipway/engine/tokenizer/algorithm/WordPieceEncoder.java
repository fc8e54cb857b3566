package dev.slipway.engine.tokenizer.algorithm;

import dev.slipway.engine.tokenizer.split.PieceSink;

/** WordPiece, as BERT has it: of a word always the longest piece that it begins with; a word that gets stuck is unknown. */
public final class WordPieceEncoder implements WordEncoder {
    private final Pieces pieces;
    private final PieceTrie trie;
    private final int continuations;
    private final int longestWord;

    /**
     * An encoder.
     *
     * @param begins begins every piece that begins a word, and none other, when {@code continues} is empty
     * @param continues begins every piece that goes on with a word
     * @param longestWord longer words, in characters, are unknown
     */
    public WordPieceEncoder(Pieces pieces, String begins, String continues, int longestWord) {
        this.pieces = pieces;
        this.longestWord = longestWord;
        trie = new PieceTrie(pieces.size() * 3);
        continuations = trie.newRoot();
        pieces.ids().forEach((token, id) -> {
            if (continues.isEmpty()) {
                boolean begin = token.startsWith(begins);
                trie.add(begin ? PieceTrie.ROOT : continuations, begin ? token.substring(begins.length()) : token, id);
                return;
            }
            // A piece with the mark can begin a word as well: the word only has to be spelt with it.
            trie.add(PieceTrie.ROOT, token, id);
            if (token.startsWith(continues)) {
                trie.add(continuations, token.substring(continues.length()), id);
            }
        });
    }

    @Override
    public PieceSink start(TokenBuffer out) {
        return (text, from, to, first) -> {
            int before = out.size();
            if (to - from > longestWord && text.codePointCount(from, to) > longestWord) {
                out.add(pieces.unknownFor(text.codePointAt(from)));
                return;
            }
            int root = PieceTrie.ROOT;
            for (int at = from; at < to; ) {
                int node = root;
                int end = at;
                int token = PieceTrie.NONE;
                for (int next = at; next < to; ) {
                    node = trie.child(node, text.charAt(next++));
                    if (node == PieceTrie.NONE) {
                        break;
                    }
                    if (trie.token(node) != PieceTrie.NONE) {
                        token = trie.token(node);
                        end = next;
                    }
                }
                if (token == PieceTrie.NONE) {
                    out.truncate(before);
                    out.add(pieces.unknownFor(text.codePointAt(at)));
                    return;
                }
                out.add(token);
                at = end;
                root = continuations;
            }
        };
    }
}
