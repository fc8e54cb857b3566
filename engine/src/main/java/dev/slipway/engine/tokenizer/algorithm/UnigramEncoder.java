package dev.slipway.engine.tokenizer.algorithm;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.split.PieceSink;
import java.util.Arrays;

/**
 * SentencePiece unigrams: of all ways to spell a word in pieces, the one with the highest sum of scores (Kudo 2018),
 * found from left to right in one pass.
 */
public final class UnigramEncoder implements WordEncoder {
    /** How much worse than the worst piece an unknown character is. */
    private static final double UNKNOWN_PENALTY = 10;

    private final Pieces pieces;
    private final double[] scores;
    private final double unknownScore;
    private final PieceTrie trie;

    /**
     * An encoder.
     *
     * @param scores by id
     */
    public UnigramEncoder(Pieces pieces, double[] scores) {
        this.pieces = pieces;
        this.scores = scores.clone();
        double least = Double.POSITIVE_INFINITY;
        for (double score : scores) {
            if (!Double.isFinite(score)) {
                throw EngineException.invalid(
                        "engine.vocabulary-invalid",
                        "The vocabulary has a score of " + score + "; scores are finite numbers.",
                        "Get the model file again, or a newer conversion of it.");
            }
            least = Math.min(least, score);
        }
        unknownScore = least - UNKNOWN_PENALTY;
        trie = new PieceTrie(pieces.size() * 3);
        pieces.ids().forEach((token, id) -> trie.add(PieceTrie.ROOT, token, id));
    }

    @Override
    public PieceSink start(TokenBuffer out) {
        return new Run(out);
    }

    private final class Run implements PieceSink {
        private static final int UNKNOWN = -2;

        private final TokenBuffer out;
        private final byte[] scratch = new byte[4];

        /** By place, counted from where the way is still open: the best sum, where its last piece begins, and which. */
        private double[] best = new double[64];

        private int[] begins = new int[64];
        private int[] ids = new int[64];
        private int[] way = new int[64];
        private int reached;
        private boolean afterUnknown;

        Run(TokenBuffer out) {
            this.out = out;
        }

        @Override
        public void piece(String text, int from, int to, boolean first) {
            int base = from;
            double carried = 0;
            reached = 0;
            afterUnknown = false;
            for (int at = from; at < to; ) {
                int place = at - base;
                if (place == reached && place > 0) {
                    // No piece reaches over this place: what came before is decided.
                    carried = best[place];
                    emit(text, base, place);
                    base = at;
                    place = 0;
                    reached = 0;
                }
                double sum = place == 0 ? carried : best[place];
                int width = Character.charCount(codePointAt(text, at, to));
                if (!offerPieces(text, at, to, place, width, sum)) {
                    offer(place, place + width, UNKNOWN, sum + unknownScore);
                }
                at += width;
            }
            if (to > base) {
                emit(text, base, to - base);
            }
        }

        private int codePointAt(String text, int at, int to) {
            char unit = text.charAt(at);
            boolean pair =
                    Character.isHighSurrogate(unit) && at + 1 < to && Character.isLowSurrogate(text.charAt(at + 1));
            return pair ? Character.toCodePoint(unit, text.charAt(at + 1)) : unit;
        }

        /** Offers every piece that begins there; whether one of them is the single character. */
        private boolean offerPieces(String text, int at, int to, int place, int width, double sum) {
            boolean single = false;
            int node = PieceTrie.ROOT;
            for (int end = at; end < to; ) {
                node = trie.child(node, text.charAt(end++));
                if (node == PieceTrie.NONE) {
                    break;
                }
                int id = trie.token(node);
                if (id != PieceTrie.NONE) {
                    offer(place, place + end - at, id, sum + scores[id]);
                    single |= end - at == width;
                }
            }
            return single;
        }

        private void offer(int begin, int end, int id, double sum) {
            if (end >= best.length) {
                int room = Math.max(best.length * 2, end + 1);
                best = Arrays.copyOf(best, room);
                begins = Arrays.copyOf(begins, room);
                ids = Arrays.copyOf(ids, room);
            }
            while (reached < end) {
                begins[++reached] = -1;
            }
            if (begins[end] < 0 || sum > best[end]) {
                best[end] = sum;
                begins[end] = begin;
                ids[end] = id;
            }
        }

        /** Follows the best way back from its end, and appends its pieces in order. */
        private void emit(String text, int base, int end) {
            int count = 0;
            for (int place = end; place > 0; place = begins[place]) {
                if (count == way.length) {
                    way = Arrays.copyOf(way, count * 2);
                }
                way[count++] = place;
            }
            while (count > 0) {
                int place = way[--count];
                if (ids[place] != UNKNOWN) {
                    out.add(ids[place]);
                    afterUnknown = false;
                    continue;
                }
                int codePoint = codePointAt(text, base + begins[place], base + place);
                if (!pieces.addBytes(codePoint, scratch, out)) {
                    int unknown = pieces.unknownFor(codePoint);
                    // Unknown characters side by side are one unknown token.
                    if (!afterUnknown) {
                        out.add(unknown);
                    }
                    afterUnknown = true;
                }
            }
        }
    }
}
