package dev.slipway.engine.template;

import java.util.BitSet;

/**
 * A string of a template, which knows of each UTF-16 unit whether the template wrote it or whether it came from outside,
 * that is from messages, tools and arguments. Equal to whatever has the same characters.
 *
 * <p>Operations that put texts together or cut them apart keep what is known; all others give text from outside, which
 * is the safe side: only what a template wrote can become a control token.
 */
final class Text {
    static final Text EMPTY = new Text("", new BitSet());

    /** Of a single unit that the template wrote. */
    private static final BitSet ONE = BitSet.valueOf(new long[] {1});

    private final String chars;
    /** The units that the template wrote; never changed. */
    private final BitSet written;

    private Text(String chars, BitSet written) {
        this.chars = chars;
        this.written = written;
    }

    static Text fromOutside(String chars) {
        return new Text(chars, EMPTY.written);
    }

    static Text written(String chars) {
        BitSet all = new BitSet(chars.length());
        all.set(0, chars.length());
        return new Text(chars, all);
    }

    /** A value as templates hold it: a plain string becomes text from outside. */
    static Object value(Object value) {
        return value instanceof String chars ? fromOutside(chars) : value;
    }

    String chars() {
        return chars;
    }

    /** The units that the template wrote. */
    BitSet written() {
        return (BitSet) written.clone();
    }

    int length() {
        return chars.length();
    }

    boolean isEmpty() {
        return chars.isEmpty();
    }

    Text part(int from, int to) {
        if (from == 0 && to == chars.length()) {
            return this;
        }
        if (to - from == 1) {
            return new Text(chars.substring(from, to), written.get(from) ? ONE : EMPTY.written);
        }
        return new Text(chars.substring(from, to), written.isEmpty() ? written : written.get(from, to));
    }

    Text plus(Text other) {
        return new Builder().append(this).append(other).build();
    }

    Text repeat(int times) {
        Builder out = new Builder();
        for (int i = 0; i < times; i++) {
            out.append(this);
        }
        return out.build();
    }

    /** This text with its letters in another case. */
    Text changed(String other) {
        if (other.equals(chars)) {
            return this;
        }
        if (written.cardinality() == chars.length()) {
            return written(other);
        }
        // In ASCII every letter stays in its place.
        boolean inPlace = other.length() == chars.length() && chars.chars().allMatch(letter -> letter < 0x80);
        return inPlace ? new Text(other, written) : fromOutside(other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && text.chars.equals(chars);
    }

    @Override
    public int hashCode() {
        return chars.hashCode();
    }

    @Override
    public String toString() {
        return chars;
    }

    /** Puts texts together. */
    static final class Builder {
        private final StringBuilder chars = new StringBuilder();
        private final BitSet written = new BitSet();

        Builder append(Text text) {
            return append(text, 0, text.length());
        }

        Builder append(Text text, int from, int to) {
            int shift = chars.length() - from;
            for (int start = text.written.nextSetBit(from); start >= 0 && start < to; ) {
                int end = Math.min(to, text.written.nextClearBit(start));
                written.set(start + shift, end + shift);
                start = text.written.nextSetBit(end);
            }
            chars.append(text.chars, from, to);
            return this;
        }

        Builder appendWritten(String text) {
            written.set(chars.length(), chars.length() + text.length());
            chars.append(text);
            return this;
        }

        int length() {
            return chars.length();
        }

        Text build() {
            return new Text(chars.toString(), (BitSet) written.clone());
        }
    }
}
