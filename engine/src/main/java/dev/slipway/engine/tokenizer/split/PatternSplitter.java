package dev.slipway.engine.tokenizer.split;

import dev.slipway.engine.tokenizer.pattern.MatchFinder;
import dev.slipway.engine.tokenizer.pattern.SplitPattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts where a pattern matches.
 *
 * @param inverted whether what lies between matches is taken for the match
 */
public record PatternSplitter(SplitPattern pattern, Behaviour behaviour, boolean inverted) implements Splitter {
    /** What becomes of a match. */
    public enum Behaviour {
        /** It is a piece of its own. */
        ISOLATED,
        /** It is dropped. */
        REMOVED,
        /** It is a piece together with the matches right beside it. */
        CONTIGUOUS,
        /** It ends the piece before it. */
        MERGED_WITH_PREVIOUS,
        /** It begins the piece after it. */
        MERGED_WITH_NEXT
    }

    /** Every match is a piece, and so is what lies between. */
    public static PatternSplitter isolated(String pattern) {
        return new PatternSplitter(SplitPattern.compile(pattern), Behaviour.ISOLATED, false);
    }

    @Override
    public PieceSink start(PieceSink out) {
        return new Run(out);
    }

    private final class Run implements PieceSink {
        private final PieceSink out;
        private @Nullable String lastText;
        private @Nullable MatchFinder finder;
        private boolean first;
        private int begin;
        private int heldFrom;
        private int heldTo;
        private boolean heldMatch;

        Run(PieceSink out) {
            this.out = out;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // The same object has the same text; another one is looked at anew.
        public void piece(String text, int from, int to, boolean isFirst) {
            MatchFinder matches = finder;
            if (matches == null || text != lastText) {
                matches = pattern.finder(text, from, to);
                finder = matches;
                lastText = text;
            } else {
                matches.reset(from, to);
            }
            first = isFirst;
            begin = from;
            heldFrom = from;
            heldTo = from;
            int last = from;
            while (last < to && matches.find()) {
                if (matches.start() > last) {
                    segment(text, last, matches.start(), inverted);
                }
                if (matches.end() > matches.start()) {
                    segment(text, matches.start(), matches.end(), !inverted);
                }
                last = matches.end();
            }
            if (last < to) {
                segment(text, last, to, inverted);
            }
            give(text, heldFrom, heldTo);
        }

        private void segment(String text, int from, int to, boolean match) {
            switch (behaviour) {
                case ISOLATED -> out.piece(text, from, to, first && from == begin);
                case REMOVED -> {
                    if (!match) {
                        out.piece(text, from, to, first && from == begin);
                    }
                }
                case CONTIGUOUS -> hold(text, from, to, match, match == heldMatch);
                case MERGED_WITH_PREVIOUS -> hold(text, from, to, match, match && !heldMatch);
                case MERGED_WITH_NEXT -> hold(text, from, to, match, heldMatch && !match);
            }
        }

        /** Keeps a segment back, joined with the one kept before or in place of it. */
        private void hold(String text, int from, int to, boolean match, boolean join) {
            if (!join || heldTo == heldFrom) {
                give(text, heldFrom, heldTo);
                heldFrom = from;
            }
            heldTo = to;
            heldMatch = match;
        }

        private void give(String text, int from, int to) {
            if (to > from) {
                out.piece(text, from, to, first && from == begin);
            }
        }
    }
}
