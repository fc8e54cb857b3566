package dev.slipway.engine.tool;

import java.util.ArrayDeque;

/**
 * Checks one JSON value character by character (RFC 8259), without building it.
 *
 * <p>A number at the top level ends only with the character after it, so callers feed it values that close themselves
 * when they need to know the end: objects, arrays and strings.
 */
final class JsonScanner {
    /** Deepest nesting of objects and arrays. */
    static final int MAX_DEPTH = 200;

    /** How far the value is. */
    enum State {
        OPEN,
        COMPLETE,
        BROKEN
    }

    private enum Expect {
        VALUE,
        VALUE_OR_CLOSE,
        KEY,
        KEY_OR_CLOSE,
        COLON,
        COMMA_OR_CLOSE,
        STRING,
        ESCAPE,
        HEX,
        WORD,
        NUMBER
    }

    private static final String SPACE = " \t\n\r";

    private final ArrayDeque<Character> open = new ArrayDeque<>();
    private final StringBuilder atom = new StringBuilder();
    private Expect expect = Expect.VALUE;
    private boolean key;
    private int hexDigits;
    private State state = State.OPEN;

    State state() {
        return state;
    }

    /** How many objects and arrays are open. */
    int depth() {
        return open.size();
    }

    /** Whether the scanner stands inside a string. */
    boolean inString() {
        return expect == Expect.STRING || expect == Expect.ESCAPE || expect == Expect.HEX;
    }

    /** White space as JSON counts it. */
    static boolean isSpace(char letter) {
        return SPACE.indexOf(letter) >= 0;
    }

    State accept(char letter) {
        if (state == State.OPEN) {
            step(letter);
        } else if (state == State.COMPLETE && SPACE.indexOf(letter) < 0) {
            state = State.BROKEN;
        }
        return state;
    }

    private void step(char letter) {
        switch (expect) {
            case STRING -> string(letter);
            case ESCAPE -> escape(letter);
            case HEX -> hex(letter);
            case WORD -> word(letter);
            case NUMBER -> number(letter);
            default -> structure(letter);
        }
    }

    private void structure(char letter) {
        if (SPACE.indexOf(letter) >= 0) {
            return;
        }
        switch (expect) {
            case VALUE, VALUE_OR_CLOSE -> {
                if (letter == ']' && expect == Expect.VALUE_OR_CLOSE) {
                    close('[');
                } else {
                    value(letter);
                }
            }
            case KEY, KEY_OR_CLOSE -> {
                if (letter == '}' && expect == Expect.KEY_OR_CLOSE) {
                    close('{');
                } else {
                    require(letter == '"');
                    key = true;
                    expect = Expect.STRING;
                }
            }
            case COLON -> {
                require(letter == ':');
                expect = Expect.VALUE;
            }
            default -> separator(letter);
        }
    }

    private void separator(char letter) {
        boolean object = !open.isEmpty() && open.peek() == '{';
        if (letter == ',') {
            expect = object ? Expect.KEY : Expect.VALUE;
        } else if (letter == '}') {
            close('{');
        } else if (letter == ']') {
            close('[');
        } else {
            require(false);
        }
    }

    private void value(char letter) {
        switch (letter) {
            case '{' -> open(letter, Expect.KEY_OR_CLOSE);
            case '[' -> open(letter, Expect.VALUE_OR_CLOSE);
            case '"' -> {
                key = false;
                expect = Expect.STRING;
            }
            case 't', 'f', 'n' -> {
                atom.setLength(0);
                atom.append(letter);
                expect = Expect.WORD;
            }
            default -> {
                require(letter == '-' || (letter >= '0' && letter <= '9'));
                atom.setLength(0);
                atom.append(letter);
                expect = Expect.NUMBER;
            }
        }
    }

    private void open(char bracket, Expect next) {
        open.push(bracket);
        require(open.size() <= MAX_DEPTH);
        expect = next;
    }

    private void close(char bracket) {
        require(!open.isEmpty() && open.peek() == bracket);
        if (state == State.OPEN) {
            open.pop();
            endValue();
        }
    }

    private void endValue() {
        expect = Expect.COMMA_OR_CLOSE;
        if (open.isEmpty()) {
            state = State.COMPLETE;
        }
    }

    private void string(char letter) {
        if (letter == '"') {
            if (key) {
                expect = Expect.COLON;
            } else {
                endValue();
            }
        } else if (letter == '\\') {
            expect = Expect.ESCAPE;
        } else {
            require(letter >= ' ');
        }
    }

    private void escape(char letter) {
        require("\"\\/bfnrtu".indexOf(letter) >= 0);
        hexDigits = 0;
        expect = letter == 'u' ? Expect.HEX : Expect.STRING;
    }

    private void hex(char letter) {
        require(Character.digit(letter, 16) >= 0 && letter < 0x80);
        if (++hexDigits == 4) {
            expect = Expect.STRING;
        }
    }

    private void word(char letter) {
        atom.append(letter);
        String soFar = atom.toString();
        require("true".startsWith(soFar) || "false".startsWith(soFar) || "null".startsWith(soFar));
        if (soFar.equals("true") || soFar.equals("false") || soFar.equals("null")) {
            endValue();
        }
    }

    private void number(char letter) {
        if ((letter >= '0' && letter <= '9') || "+-.eE".indexOf(letter) >= 0) {
            atom.append(letter);
            return;
        }
        require(isNumber(atom));
        if (state == State.OPEN) {
            endValue();
            accept(letter);
        }
    }

    /** Whether a text is a number of JSON and nothing else. */
    static boolean isNumber(CharSequence text) {
        if (text.isEmpty()) {
            return false;
        }
        int at = text.charAt(0) == '-' ? 1 : 0;
        int digits = digits(text, at);
        if (digits == at || (text.charAt(at) == '0' && digits > at + 1)) {
            return false;
        }
        at = digits;
        if (at < text.length() && text.charAt(at) == '.') {
            digits = digits(text, at + 1);
            if (digits == at + 1) {
                return false;
            }
            at = digits;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int sign = at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0 ? 1 : 0;
            digits = digits(text, at + 1 + sign);
            if (digits == at + 1 + sign) {
                return false;
            }
            at = digits;
        }
        return at == text.length();
    }

    private static int digits(CharSequence text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private void require(boolean holds) {
        if (!holds) {
            state = State.BROKEN;
        }
    }
}
