package dev.slipway.engine.tokenizer.pattern;

/** Reads what stands between {@code [} and {@code ]}. */
final class SetParser {
    private static final int LONG_S = 0x17F;
    private static final int KELVIN = 0x212A;

    private final PatternParser in;

    SetParser(PatternParser in) {
        this.in = in;
    }

    /** A set whose {@code [} has been read. */
    CharacterSet set() {
        boolean negative = in.taken('^');
        CharacterSet all = CharacterSet.NONE;
        boolean first = true;
        while (first || !in.follows("]")) {
            if (in.follows("&&")) {
                throw in.refused("an intersection of sets");
            }
            if (in.follows("[:")) {
                throw in.refused("a POSIX set");
            }
            all = all.or(item());
            first = false;
        }
        in.next();
        return negative ? all.complement() : all;
    }

    private CharacterSet item() {
        int character = in.next();
        if (character == '[') {
            return set();
        }
        if (character == '\\') {
            int letter = in.next();
            if ("sSdDwWpP".indexOf(letter) >= 0) {
                return in.escape(letter);
            }
            character = letter == 'b' ? 0x08 : in.escapedCharacter(letter);
        }
        int last = character;
        if (in.follows("-") && !in.follows("-]")) {
            in.next();
            last = in.next();
            if (last == '\\') {
                int letter = in.next();
                if ("sSdDwWpP".indexOf(letter) >= 0) {
                    throw in.refused("a range that ends in a set");
                }
                last = in.escapedCharacter(letter);
            }
            if (last < character) {
                throw in.refused("a range that runs backwards");
            }
        }
        return in.ignoresCase() ? bothCases(in, character, last) : CharacterSet.ofRanges(character, last);
    }

    /** A range with the other case of its letters, known for ASCII and for characters without case. */
    static CharacterSet bothCases(PatternParser in, int first, int last) {
        CharacterSet set = CharacterSet.ofRanges(first, last);
        if (last >= 0x80) {
            for (int character = first; character <= last; character++) {
                if (Character.toLowerCase(character) != Character.toUpperCase(character)) {
                    throw in.refused("letters beyond ASCII where case is ignored");
                }
            }
            return set;
        }
        for (int character = first; character <= last; character++) {
            set = set.or(CharacterSet.of(Character.toLowerCase(character)))
                    .or(CharacterSet.of(Character.toUpperCase(character)));
            if (character == 's' || character == 'S') {
                set = set.or(CharacterSet.of(LONG_S));
            } else if (character == 'k' || character == 'K') {
                set = set.or(CharacterSet.of(KELVIN));
            }
        }
        return set;
    }
}
