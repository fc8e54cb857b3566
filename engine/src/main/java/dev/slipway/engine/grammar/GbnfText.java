package dev.slipway.engine.grammar;

import dev.slipway.engine.EngineException;
import java.util.ArrayList;
import java.util.List;

/** A grammar's text, read from left to right; knows the line and column of what is wrong. */
final class GbnfText {
    private final String text;
    private int at;

    GbnfText(String text) {
        this.text = text;
    }

    int place() {
        return at;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    boolean at(char letter) {
        return at < text.length() && text.charAt(at) == letter;
    }

    boolean atLineEnd() {
        return at('\n') || at('\r');
    }

    boolean atName() {
        return at < text.length() && isNameLetter(text.charAt(at));
    }

    private static boolean isNameLetter(char letter) {
        return (letter >= 'a' && letter <= 'z')
                || (letter >= 'A' && letter <= 'Z')
                || (letter >= '0' && letter <= '9')
                || letter == '-'
                || letter == '_';
    }

    boolean take(char letter) {
        if (at(letter)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String wanted) {
        if (!text.startsWith(wanted, at)) {
            throw error(at, "expected '" + wanted + "', found " + found());
        }
        at += wanted.length();
    }

    /** Skips blanks and comments, and line breaks when asked to. */
    void skipSpace(boolean lines) {
        while (!atEnd()) {
            char letter = text.charAt(at);
            if (letter == '#') {
                while (!atEnd() && !atLineEnd()) {
                    at++;
                }
            } else if (letter == ' ' || letter == '\t' || (lines && (letter == '\n' || letter == '\r'))) {
                at++;
            } else {
                return;
            }
        }
    }

    String name() {
        int begin = at;
        while (atName()) {
            at++;
        }
        if (begin == at) {
            throw error(at, "expected a rule's name, found " + found());
        }
        return text.substring(begin, at);
    }

    int number(int most) {
        int begin = at;
        long value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = Math.min(value * 10 + text.charAt(at) - '0', (long) most + 1);
            at++;
        }
        if (begin == at) {
            throw error(at, "expected a number, found " + found());
        }
        if (value > most) {
            throw error(begin, "a number above " + most);
        }
        return (int) value;
    }

    /** A text in double quotes. */
    String literal() {
        int begin = at++;
        StringBuilder literal = new StringBuilder();
        while (!at('"')) {
            if (atEnd()) {
                throw error(begin, "the text is not closed with '\"'");
            }
            literal.appendCodePoint(character());
        }
        at++;
        return literal.toString();
    }

    /** A class in square brackets. */
    CodePoints characterClass() {
        int begin = at++;
        boolean negated = take('^');
        List<CodePoints> runs = new ArrayList<>();
        while (!at(']')) {
            if (atEnd()) {
                throw error(begin, "the character class is not closed with ']'");
            }
            int from = at;
            int first = character();
            int last = first;
            if (at('-') && at + 1 < text.length() && text.charAt(at + 1) != ']') {
                at++;
                last = character();
            }
            if (last < first) {
                throw error(from, "a range that runs backwards");
            }
            runs.add(CodePoints.range(first, last));
        }
        at++;
        CodePoints points = CodePoints.union(runs);
        return negated ? points.not() : points;
    }

    private int character() {
        int begin = at;
        int point = text.codePointAt(at);
        at += Character.charCount(point);
        if (point != '\\') {
            return inText(begin, point);
        }
        if (atEnd()) {
            throw error(begin, "the grammar ends in the middle of an escape");
        }
        char escape = text.charAt(at++);
        return switch (escape) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '\\', '"', '[', ']', '-', '^', '/' -> escape;
            case 'x' -> inText(begin, hex(begin, 2));
            case 'u' -> inText(begin, hex(begin, 4));
            case 'U' -> inText(begin, hex(begin, 8));
            default -> throw error(begin, "an unknown escape '\\" + escape + "'");
        };
    }

    private int inText(int place, int point) {
        if (point < 0 || point > Character.MAX_CODE_POINT || (point >= 0xD800 && point <= 0xDFFF)) {
            throw error(place, "U+" + Integer.toHexString(point) + " is no character");
        }
        return point;
    }

    private int hex(int begin, int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = atEnd() ? -1 : Character.digit(text.charAt(at), 16);
            if (digit < 0 || text.charAt(at) > 'f') {
                throw error(begin, "an escape with fewer than " + digits + " hexadecimal digits");
            }
            value = value << 4 | digit;
            at++;
        }
        return value;
    }

    /** What stands here, for a message. */
    String found() {
        return atEnd() ? "the end" : "'" + Character.toString(text.codePointAt(at)) + "'";
    }

    String where(int place) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < place; i++) {
            column++;
            if (text.charAt(i) == '\n') {
                line++;
                column = 1;
            }
        }
        return "line " + line + ", column " + column;
    }

    EngineException error(int place, String what) {
        return GrammarFault.invalid(
                "The grammar cannot be read at " + where(place) + ": " + what + ".",
                "Write it as llama.cpp's grammars are written.");
    }
}
