package dev.slipway.engine.tokenizer.pattern;

import dev.slipway.engine.tokenizer.pattern.Program.Instruction;

/** Finds the matches of a pattern in one text, from left to right, none overlapping another. For one thread. */
public final class MatchFinder {
    /** Steps a character that are taken before failures are remembered; real texts take about three. */
    private static final int PATIENCE = 48;

    private static final int FEW = 4_096;

    private final SplitPattern pattern;
    private Matcher matcher;
    private final String text;
    private int from;
    private int to;
    private int start;
    private int end;
    private boolean remembering;
    private boolean begun;

    MatchFinder(SplitPattern pattern, String text, int from, int to) {
        this.pattern = pattern;
        this.text = text;
        this.from = from;
        this.to = to;
        start = from;
        end = from;
        matcher = new QuickMatcher(pattern.quick, text);
        matcher.region(from, to);
    }

    /** Begins anew in another part of the text. */
    public void reset(int newFrom, int newTo) {
        from = newFrom;
        to = newTo;
        start = newFrom;
        end = newFrom;
        begun = false;
        if (remembering) {
            remembering = false;
            matcher = new QuickMatcher(pattern.quick, text);
        }
        matcher.region(from, to);
    }

    /** Where the last match begins. */
    public int start() {
        return start;
    }

    /** Where the last match ends. */
    public int end() {
        return end;
    }

    /** Goes to the next match; an empty one does not stand right after another match. */
    public boolean find() {
        int at = end;
        boolean first = !begun;
        begun = true;
        while (at <= to) {
            at = pattern.firsts == CharacterSet.ANY ? at : nextFirst(at);
            int found = match(at);
            if (found > at || (found == at && (first || at > end))) {
                start = at;
                end = found;
                return true;
            }
            at += width(at);
        }
        start = to;
        end = to;
        return false;
    }

    /** The next place where a match can begin, or the end. */
    private int nextFirst(int begin) {
        CharacterSet firsts = pattern.firsts;
        int at = begin;
        while (at < to) {
            char unit = text.charAt(at);
            boolean half = unit >= Character.MIN_SURROGATE && unit <= Character.MAX_SURROGATE;
            if (firsts.contains(half ? Places.characterAt(text, at, to) : unit)) {
                return at;
            }
            at += half ? width(at) : 1;
        }
        return to;
    }

    /** How far the next place is where a match can begin. */
    private int width(int at) {
        return at < to ? Character.charCount(Places.characterAt(text, at, to)) : 1;
    }

    private int match(int at) {
        int found = matcher.match(at);
        if (found == Matcher.TOO_LONG) {
            rememberFromNow();
            found = matcher.match(at);
        }
        return found;
    }

    /** Remembers failures before anything took long. */
    void rememberFromNow() {
        remembering = true;
        matcher = new RememberingMatcher(pattern.stepwise, text);
        matcher.region(from, to);
    }

    /** How many steps may be taken in a region of that length. */
    static long patience(int length) {
        return (long) length * PATIENCE + FEW;
    }

    /** One way to run a program. */
    interface Matcher {
        int NO_MATCH = -1;
        int TOO_LONG = -2;

        void region(int from, int to);

        /** Where a match that begins there ends, or {@link #NO_MATCH}, or {@link #TOO_LONG}. */
        int match(int at);
    }

    /** What both matchers ask about a place in a text. */
    abstract static class Places {
        final String text;
        int from;
        int to;

        Places(String text) {
            this.text = text;
        }

        final int characterAt(int at) {
            return characterAt(text, at, to);
        }

        static int characterAt(String text, int at, int to) {
            char unit = text.charAt(at);
            if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
                return unit;
            }
            if (at + 1 < to && Character.isHighSurrogate(unit) && Character.isLowSurrogate(text.charAt(at + 1))) {
                return Character.toCodePoint(unit, text.charAt(at + 1));
            }
            return unit;
        }

        final int before(int at) {
            boolean pair = at - 2 >= from
                    && Character.isLowSurrogate(text.charAt(at - 1))
                    && Character.isHighSurrogate(text.charAt(at - 2));
            return pair ? at - 2 : at - 1;
        }

        final boolean holds(Instruction place, int at) {
            return switch (place.place()) {
                case TEXT_START -> at == from;
                case TEXT_END -> at == to;
                case LINE_START -> at == from || text.charAt(at - 1) == '\n';
                case LINE_END -> at == to || text.charAt(at) == '\n';
                case WORD_BOUNDARY -> isBoundary(at);
                case NO_WORD_BOUNDARY -> !isBoundary(at);
            };
        }

        private boolean isBoundary(int at) {
            boolean left = at > from && CharacterProperties.WORD.contains(characterAt(before(at)));
            boolean right = at < to && CharacterProperties.WORD.contains(characterAt(at));
            return left != right;
        }

        final boolean holdsBehind(Instruction behind, int at) {
            boolean inside = at > from && behind.set().contains(characterAt(before(at)));
            return inside != behind.flag();
        }
    }
}
