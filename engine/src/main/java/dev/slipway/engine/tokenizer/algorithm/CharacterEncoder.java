package dev.slipway.engine.tokenizer.algorithm;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.split.PieceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** BPE over characters: a word is a row of characters, which merge by rank. */
public final class CharacterEncoder implements WordEncoder {
    private static final int NONE = -1;

    private final Pieces pieces;
    private final Rules rules;
    private final MergeTable merges;
    private final int[] characters = new int[Character.MIN_SUPPLEMENTARY_CODE_POINT];
    private final boolean wordsStandAlone;

    /**
     * What a vocabulary says beside its merges.
     *
     * @param fuseUnknown whether unknown characters side by side are one token
     * @param wholeWords whether a word that is a token stands for itself, whatever the merges would make of it
     * @param prefix begins every token that does not begin a word
     * @param suffix ends every token that ends a word
     */
    public record Rules(boolean fuseUnknown, boolean wholeWords, String prefix, String suffix) {
        /** Whether tokens are spelt the same wherever they stand in a word. */
        public boolean plain() {
            return prefix.isEmpty() && suffix.isEmpty();
        }
    }

    /**
     * An encoder.
     *
     * @param mergeList most preferred first
     * @throws EngineException {@code engine.vocabulary-invalid} when a merge has a part or a result that is no token
     */
    public CharacterEncoder(Pieces pieces, List<Merge> mergeList, Rules rules) {
        this.pieces = pieces;
        this.rules = rules;
        Arrays.fill(characters, NONE);
        pieces.ids().forEach((token, id) -> {
            if (token.length() == 1) {
                characters[token.charAt(0)] = id;
            }
        });
        merges = new MergeTable(mergeList.size());
        List<String> results = new ArrayList<>(mergeList.size());
        for (int rank = 0; rank < mergeList.size(); rank++) {
            Merge merge = mergeList.get(rank);
            String right = merge.right();
            String rest = right.startsWith(rules.prefix) ? right.substring(rules.prefix.length()) : right;
            String result = merge.left() + rest;
            merges.add(id(merge.left(), rank), id(right, rank), rank, id(result, rank));
            results.add(result);
        }
        wordsStandAlone = rules.plain() && characters[Pieces.SPACE] != NONE && pieces.stayWithinWords(results);
    }

    private int id(String part, int rank) {
        Integer id = pieces.ids().get(part);
        if (id == null) {
            throw EngineException.invalid(
                    "engine.vocabulary-invalid",
                    "The vocabulary's merge " + rank + " needs the token \"" + part + "\", which it does not have.",
                    "Get the model's tokenizer again; this one is damaged.");
        }
        return id;
    }

    @Override
    public PieceSink start(TokenBuffer out) {
        return new Run(out);
    }

    private final class Run implements PieceSink {
        private final TokenBuffer out;
        private final TokenBuffer symbols = new TokenBuffer();
        private final Merger merger = new Merger(merges);
        private final byte[] scratch = new byte[4];

        Run(TokenBuffer out) {
            this.out = out;
        }

        @Override
        public void piece(String text, int from, int to, boolean first) {
            if (rules.wholeWords) {
                Integer whole = pieces.ids().get(text.substring(from, to));
                if (whole != null) {
                    out.add(whole);
                    return;
                }
            }
            int last = Pieces.SPACE;
            boolean afterUnknown = false;
            for (int at = from; at < to; ) {
                int codePoint = text.codePointAt(at);
                int next = at + Character.charCount(codePoint);
                if (wordsStandAlone && codePoint == Pieces.SPACE && last != Pieces.SPACE) {
                    merge();
                    afterUnknown = false;
                }
                int id = rules.plain() ? character(codePoint) : decorated(text, at, next, from, to);
                if (id != NONE) {
                    symbols.add(id);
                    afterUnknown = false;
                } else if (!pieces.addBytes(codePoint, scratch, symbols)) {
                    int unknown = pieces.unknownFor(codePoint);
                    if (!afterUnknown || !rules.fuseUnknown) {
                        symbols.add(unknown);
                    }
                    afterUnknown = true;
                }
                last = codePoint;
                at = next;
            }
            merge();
        }

        private void merge() {
            int[] row = symbols.items();
            out.addAll(row, merger.merge(row, symbols.size()));
            symbols.truncate(0);
        }
    }

    private int character(int codePoint) {
        return codePoint < characters.length
                ? characters[codePoint]
                : pieces.ids().getOrDefault(Character.toString(codePoint), NONE);
    }

    private int decorated(String text, int at, int next, int from, int to) {
        String token = (at > from ? rules.prefix : "") + text.substring(at, next) + (next == to ? rules.suffix : "");
        return pieces.ids().getOrDefault(token, NONE);
    }
}
