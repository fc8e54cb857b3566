package dev.slipway.engine.tokenizer.pattern;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.pattern.Node.Greed;
import dev.slipway.engine.tokenizer.pattern.Node.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the regular expressions of tokenizers, in the spelling of Oniguruma's Ruby syntax, which Hugging Face's files are
 * written for: groups, sets, properties, repetitions (greedy, lazy, possessive), look-ahead, look-behind at one
 * character, places. References back and other things that no tokenizer needs are refused by name.
 */
final class PatternParser {
    private static final int MAX_LENGTH = 8_000;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_COUNT = 1_000;

    private final String pattern;
    private int at;
    private int depth;
    private boolean ignoreCase;

    private PatternParser(String pattern) {
        this.pattern = pattern;
    }

    static Node parse(String pattern) {
        PatternParser parser = new PatternParser(pattern);
        if (pattern.length() > MAX_LENGTH) {
            throw parser.refused("longer than " + MAX_LENGTH + " characters");
        }
        Node node = parser.choice();
        if (parser.at < pattern.length()) {
            throw parser.refused("a ')' without a '('");
        }
        return node;
    }

    private Node choice() {
        if (++depth > MAX_DEPTH) {
            throw refused("groups nested deeper than " + MAX_DEPTH);
        }
        boolean outer = ignoreCase;
        List<Node> branches = new ArrayList<>();
        do {
            branches.add(sequence());
        } while (taken('|'));
        ignoreCase = outer;
        depth--;
        return branches.size() == 1 ? branches.getFirst() : new Node.Choice(branches);
    }

    private Node sequence() {
        List<Node> parts = new ArrayList<>();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            parts.add(repeated(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Node.Sequence(parts);
    }

    private Node atom() {
        int character = next();
        return switch (character) {
            case '(' -> group();
            case '[' -> new Node.One(new SetParser(this).set());
            case '.' -> new Node.One(CharacterSet.of('\n').complement());
            case '^' -> Place.LINE_START;
            case '$' -> Place.LINE_END;
            case '\\' -> escaped();
            case '*', '+', '?' -> throw refused("a repetition of nothing");
            default -> new Node.One(literal(character));
        };
    }

    private Node escaped() {
        int letter = next();
        return switch (letter) {
            case 'A' -> Place.TEXT_START;
            case 'z' -> Place.TEXT_END;
            case 'b' -> Place.WORD_BOUNDARY;
            case 'B' -> Place.NO_WORD_BOUNDARY;
            default -> new Node.One(escape(letter));
        };
    }

    /** The set of what follows a backslash. */
    CharacterSet escape(int letter) {
        return switch (letter) {
            case 's' -> CharacterSet.SPACE;
            case 'S' -> CharacterSet.SPACE.complement();
            case 'd' -> CharacterProperties.DECIMAL;
            case 'D' -> CharacterProperties.DECIMAL.complement();
            case 'w' -> CharacterProperties.WORD;
            case 'W' -> CharacterProperties.WORD.complement();
            case 'p' -> property(false);
            case 'P' -> property(true);
            default -> literal(escapedCharacter(letter));
        };
    }

    /** The character of what follows a backslash. */
    int escapedCharacter(int letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'f' -> '\f';
            case 'v' -> 0x0B;
            case 'a' -> 0x07;
            case 'e' -> 0x1B;
            case '0' -> 0;
            case 'u' -> hex(4);
            case 'x' -> taken('{') ? hexUntilBrace() : hex(2);
            default -> {
                if (letter < 0x80 && Character.isLetterOrDigit(letter)) {
                    throw refused("\\" + (char) letter);
                }
                yield letter;
            }
        };
    }

    private CharacterSet property(boolean negative) {
        String name;
        if (taken('{')) {
            int end = pattern.indexOf('}', at);
            if (end < 0) {
                throw refused("a property without its '}'");
            }
            name = pattern.substring(at, end);
            at = end + 1;
        } else {
            name = Character.toString(next());
        }
        boolean inverted = name.startsWith("^");
        String bare = inverted ? name.substring(1) : name;
        CharacterSet set = CharacterProperties.named(bare).orElseThrow(() -> refused("\\p{" + bare + "}"));
        return inverted != negative ? set.complement() : set;
    }

    private Node group() {
        if (!taken('?')) {
            return closed(choice());
        }
        if (taken(':')) {
            return closed(choice());
        }
        if (taken('=')) {
            return new Node.Ahead(closed(choice()), false);
        }
        if (taken('!')) {
            return new Node.Ahead(closed(choice()), true);
        }
        if (taken('<')) {
            boolean negative = taken('!');
            if (!negative && !taken('=')) {
                throw refused("a named group");
            }
            if (closed(choice()) instanceof Node.One(CharacterSet set)) {
                return new Node.Behind(set, negative);
            }
            throw refused("a look-behind at more than one character");
        }
        if (taken('i')) {
            boolean outer = ignoreCase;
            ignoreCase = true;
            if (taken(')')) {
                // For the rest of the group around it, whose end takes it back.
                return Node.EMPTY;
            }
            if (taken(':')) {
                Node body = closed(choice());
                ignoreCase = outer;
                return body;
            }
        }
        throw refused("(?" + (at < pattern.length() ? pattern.charAt(at) : "") + "…)");
    }

    private Node closed(Node body) {
        if (!taken(')')) {
            throw refused("a '(' without its ')'");
        }
        return body;
    }

    private Node repeated(Node atom) {
        Node node = atom;
        while (at < pattern.length()) {
            char mark = pattern.charAt(at);
            if (mark == '*' || mark == '+' || mark == '?') {
                at++;
                int least = mark == '+' ? 1 : 0;
                int most = mark == '?' ? 1 : Node.Repeat.UNBOUNDED;
                Greed greed = taken('?') ? Greed.LAZY : taken('+') ? Greed.POSSESSIVE : Greed.GREEDY;
                node = repeat(node, least, most, greed);
            } else if (mark == '{') {
                at++;
                node = counted(node);
            } else {
                return node;
            }
        }
        return node;
    }

    private Node counted(Node body) {
        int least = pattern.startsWith(",", at) ? 0 : number();
        int most = least;
        if (taken(',')) {
            most = pattern.startsWith("}", at) ? Node.Repeat.UNBOUNDED : number();
        }
        if (!taken('}') || most < least) {
            throw refused("a count that is not written {n}, {n,} or {n,m}");
        }
        // A '+' after a count repeats the whole in this syntax; patterns that have one mean something else by it.
        if (pattern.startsWith("+", at)) {
            throw refused("a '+' after a count");
        }
        return repeat(body, least, most, taken('?') ? Greed.LAZY : Greed.GREEDY);
    }

    private Node repeat(Node body, int least, int most, Greed greed) {
        if (body.leastLength() == 0) {
            throw refused("a repetition of what may be empty");
        }
        if (greed == Greed.POSSESSIVE && !(body instanceof Node.One)) {
            throw refused("a possessive repetition of more than one character");
        }
        return new Node.Repeat(body, least, most, greed);
    }

    private int number() {
        int value = 0;
        int start = at;
        while (at < pattern.length() && pattern.charAt(at) >= '0' && pattern.charAt(at) <= '9') {
            value = value * 10 + pattern.charAt(at++) - '0';
            if (value > MAX_COUNT) {
                throw refused("a count above " + MAX_COUNT);
            }
        }
        if (at == start) {
            throw refused("a count that is not written {n}, {n,} or {n,m}");
        }
        return value;
    }

    private int hex(int digits) {
        return at + digits <= pattern.length() ? hexOf(pattern.substring(at, at += digits)) : hexOf("");
    }

    private int hexUntilBrace() {
        int end = Math.max(at, pattern.indexOf('}', at));
        String digits = pattern.substring(at, end);
        at = end + 1;
        return hexOf(digits);
    }

    private int hexOf(String digits) {
        if (!digits.matches("[0-9a-fA-F]{1,6}") || Integer.parseInt(digits, 16) > Character.MAX_CODE_POINT) {
            throw refused("an escape whose digits make no character");
        }
        return Integer.parseInt(digits, 16);
    }

    private CharacterSet literal(int character) {
        return ignoreCase ? SetParser.bothCases(this, character, character) : CharacterSet.of(character);
    }

    // ---- what the set parser reads with

    boolean ignoresCase() {
        return ignoreCase;
    }

    boolean taken(char expected) {
        if (at < pattern.length() && pattern.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    boolean follows(String expected) {
        return pattern.startsWith(expected, at);
    }

    int next() {
        if (at >= pattern.length()) {
            throw refused("an end where more must follow");
        }
        int character = pattern.codePointAt(at);
        at += Character.charCount(character);
        return character;
    }

    EngineException refused(String what) {
        String shown = pattern.length() > 200 ? pattern.substring(0, 200) + "…" : pattern;
        return EngineException.invalid(
                "engine.pattern-unsupported",
                "The tokenizer's pattern \"" + shown + "\" has " + what + " before position " + at
                        + ", which this version does not read.",
                "Use another conversion of the model, such as a GGUF file, or report the pattern.");
    }
}
