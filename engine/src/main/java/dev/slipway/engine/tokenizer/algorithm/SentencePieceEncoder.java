package dev.slipway.engine.tokenizer.algorithm;

import dev.slipway.engine.tokenizer.split.PieceSink;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * SentencePiece BPE: the whole text is a row of characters, spaces written as {@code ▁}; two neighbours merge when
 * together they spell a token, the highest score first. A character without a token becomes its bytes.
 */
public final class SentencePieceEncoder implements WordEncoder {
    private static final char SPACE = Pieces.SPACE;

    private final Pieces pieces;
    private final MergeTable merges;
    private final int[] characterSymbols = new int[Character.MIN_SUPPLEMENTARY_CODE_POINT];
    private final boolean wordsStandAlone;
    private final boolean addSpacePrefix;

    /**
     * An encoder.
     *
     * @param scores by id, none or one for each
     * @param addSpacePrefix whether a text that stands first is read as if a space came before it
     */
    public SentencePieceEncoder(Pieces pieces, float[] scores, boolean addSpacePrefix) {
        this.pieces = pieces;
        this.addSpacePrefix = addSpacePrefix;
        Map<String, Integer> ids = pieces.ids();
        merges = new MergeTable(pieces.size() * 2);
        for (int codePoint = 0; codePoint < characterSymbols.length; codePoint++) {
            characterSymbols[codePoint] = pieces.size() + codePoint;
        }
        ids.forEach((token, id) -> {
            if (token.length() == 1) {
                characterSymbols[token.charAt(0)] = id;
            }
        });
        wordsStandAlone = pieces.stayWithinWords(List.copyOf(ids.keySet()));
        int[] ranks = ranks(scores, pieces.size());
        ids.forEach((token, id) -> addMerges(token, id, ranks[id]));
    }

    /** Scores as ranks: the highest score is 0, equal scores share a rank. */
    private static int[] ranks(float[] scores, int size) {
        int[] ranks = new int[size];
        if (scores.length == 0) {
            return ranks;
        }
        float[] sorted = scores.clone();
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[distinct++] = sorted[i];
            }
        }
        for (int id = 0; id < ranks.length; id++) {
            ranks[id] = distinct - 1 - Arrays.binarySearch(sorted, 0, distinct, scores[id]);
        }
        return ranks;
    }

    /** Every way in which two symbols that can stand side by side spell this token. */
    private void addMerges(String token, int id, int rank) {
        for (int cut = 1; cut < token.length(); cut++) {
            if (Character.isLowSurrogate(token.charAt(cut))) {
                continue;
            }
            int left = symbol(token.substring(0, cut));
            int right = symbol(token.substring(cut));
            if (left >= 0 && right >= 0) {
                merges.add(left, right, rank, id);
            }
        }
    }

    /** A token, or for a single character without one a number past the vocabulary, or -1. */
    private int symbol(String text) {
        Integer id = pieces.ids().get(text);
        if (id != null) {
            return id;
        }
        int codePoint = text.codePointAt(0);
        return Character.charCount(codePoint) == text.length() ? pieces.size() + codePoint : -1;
    }

    @Override
    public PieceSink start(TokenBuffer out) {
        Merger merger = new Merger(merges);
        byte[] scratch = new byte[4];
        return (text, from, to, first) -> {
            int[] symbols = new int[wordsStandAlone ? 64 : to - from + 1];
            int length = 0;
            int last = SPACE;
            if (first && addSpacePrefix) {
                symbols[length++] = characterSymbol(SPACE);
            }
            for (int at = from; at < to; ) {
                int codePoint = text.codePointAt(at);
                at += Character.charCount(codePoint);
                codePoint = codePoint == ' ' ? SPACE : codePoint;
                // Words that no token spans are merged one by one: the same result, and much less to search through.
                if (wordsStandAlone && codePoint == SPACE && last != SPACE) {
                    add(symbols, merger.merge(symbols, length), scratch, out);
                    length = 0;
                }
                if (length == symbols.length) {
                    symbols = Arrays.copyOf(symbols, length * 2);
                }
                symbols[length++] = characterSymbol(codePoint);
                last = codePoint;
            }
            add(symbols, merger.merge(symbols, length), scratch, out);
        };
    }

    private void add(int[] symbols, int count, byte[] scratch, TokenBuffer out) {
        for (int i = 0; i < count; i++) {
            int codePoint = symbols[i] - pieces.size();
            if (codePoint < 0) {
                out.add(symbols[i]);
            } else if (!pieces.addBytes(codePoint, scratch, out)) {
                out.add(pieces.unknownFor(codePoint));
            }
        }
    }

    private int characterSymbol(int codePoint) {
        return codePoint < characterSymbols.length
                ? characterSymbols[codePoint]
                : pieces.ids().getOrDefault(Character.toString(codePoint), pieces.size() + codePoint);
    }
}
