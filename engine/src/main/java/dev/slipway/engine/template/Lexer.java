package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into tokens, with white space treated as Hugging Face sets Jinja up: {@code trim_blocks} drops the
 * line feed after a statement or comment, {@code lstrip_blocks} the blanks before one that begins its line, {@code -}
 * on either side all white space, {@code +} switches the automatic treatment off; one line feed at the end is dropped.
 */
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStarting = true;

    Lexer(String source) {
        String unified = source.replace("\r\n", "\n").replace('\r', '\n');
        this.source = unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified;
    }

    /** The line that was reached, for errors. */
    int line() {
        return line;
    }

    List<Token> tokens() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                add(Token.Kind.DATA, source.substring(at));
                at = source.length();
                break;
            }
            char type = source.charAt(tag + 1);
            int after = tag + 2;
            char sign = after < source.length() ? source.charAt(after) : ' ';
            boolean signed = sign == '-' || sign == '+';
            data(source.substring(at, tag), signed ? sign : ' ', type != '{');
            moveTo(signed ? after + 1 : after);
            switch (type) {
                case '#' -> comment();
                case '{' -> expressions(Token.Kind.OUTPUT_BEGIN, Token.Kind.OUTPUT_END, "}}");
                default -> block();
            }
        }
        add(Token.Kind.END, "");
        return tokens;
    }

    private int nextTag() {
        for (int i = at; i + 1 < source.length(); i++) {
            if (source.charAt(i) == '{' && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Text before a tag, without the white space that the tag takes away. */
    private void data(String text, char sign, boolean strips) {
        String kept = text;
        if (sign == '-') {
            kept = PythonText.rstrip(text);
        } else if (sign != '+' && strips) {
            int lineStart = text.lastIndexOf('\n') + 1;
            if ((lineStart > 0 || lineStarting) && PythonText.isSpace(text, lineStart)) {
                kept = text.substring(0, lineStart);
            }
        }
        if (!kept.isEmpty()) {
            add(Token.Kind.DATA, kept);
        }
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw TemplateFault.error("a comment begins with {# and never ends with #}");
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        endTag(end + 2, sign, true);
    }

    /** Goes behind the end of a tag and the white space that it takes away. */
    private void endTag(int end, char sign, boolean trims) {
        int next = end;
        if (sign == '-') {
            while (next < source.length() && PythonText.isSpace(source.charAt(next))) {
                next++;
            }
        } else if (trims && sign != '+' && next < source.length() && source.charAt(next) == '\n') {
            next++;
        }
        moveTo(next);
        lineStarting = source.charAt(next - 1) == '\n';
    }

    private void block() {
        if (!raw()) {
            expressions(Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, "%}");
        }
    }

    /** Reads {@code {% raw %}…{% endraw %}} when that is what stands here. */
    private boolean raw() {
        int close = keywordTag(at, "raw");
        if (close < 0) {
            return false;
        }
        endTag(close + 2, source.charAt(close - 1), false);
        for (int begin = source.indexOf("{%", at); begin >= 0; begin = source.indexOf("{%", begin + 2)) {
            char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
            boolean signed = sign == '-' || sign == '+';
            int end = keywordTag(signed ? begin + 3 : begin + 2, "endraw");
            if (end >= 0) {
                data(source.substring(at, begin), signed ? sign : ' ', true);
                endTag(end + 2, source.charAt(end - 1), true);
                return true;
            }
        }
        throw TemplateFault.error("a raw block never ends with {% endraw %}");
    }

    /** Where the {@code %}} of a tag that holds only this keyword stands, or -1. */
    private int keywordTag(int from, String keyword) {
        int i = skipSpace(from);
        if (!source.startsWith(keyword, i)) {
            return -1;
        }
        i = skipSpace(i + keyword.length());
        if (i < source.length() && (source.charAt(i) == '-' || source.charAt(i) == '+')) {
            i++;
        }
        return source.startsWith("%}", i) ? i : -1;
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < source.length() && PythonText.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void expressions(Token.Kind begin, Token.Kind end, String close) {
        boolean trims = end == Token.Kind.BLOCK_END;
        add(begin, close);
        StringBuilder open = new StringBuilder();
        while (true) {
            moveTo(skipSpace(at));
            if (at >= source.length()) {
                throw TemplateFault.error("a tag never ends with " + close);
            }
            char letter = source.charAt(at);
            boolean signed = (letter == '-' || (letter == '+' && trims)) && source.startsWith(close, at + 1);
            if (open.isEmpty() && (signed || source.startsWith(close, at))) {
                add(end, close);
                endTag(at + (signed ? 3 : 2), signed ? letter : ' ', trims);
                return;
            }
            token(letter, open);
        }
    }

    private void token(char letter, StringBuilder open) {
        if (letter == '"' || letter == '\'') {
            string(letter);
        } else if (letter >= '0' && letter <= '9') {
            number();
        } else if (Character.isLetter(letter) || letter == '_') {
            int end = at + 1;
            while (end < source.length()
                    && (Character.isLetterOrDigit(source.charAt(end)) || source.charAt(end) == '_')) {
                end++;
            }
            add(Token.Kind.NAME, source.substring(at, end));
            moveTo(end);
        } else {
            operator(letter, open);
        }
    }

    private void operator(char letter, StringBuilder open) {
        String two = source.substring(at, Math.min(at + 2, source.length()));
        boolean isTwo = switch (two) {
            case "//", "**", "==", "!=", ">=", "<=" -> true;
            default -> false;
        };
        if (!isTwo && "+-/*%~[](){}><=.:|,;".indexOf(letter) < 0) {
            throw TemplateFault.error("the character '" + letter + "' means nothing here");
        }
        if (!isTwo) {
            balance(letter, open);
        }
        add(Token.Kind.OPERATOR, isTwo ? two : String.valueOf(letter));
        moveTo(at + (isTwo ? 2 : 1));
    }

    private static void balance(char letter, StringBuilder open) {
        int opening = "([{".indexOf(letter);
        if (opening >= 0) {
            open.append(")]}".charAt(opening));
        } else if (")]}".indexOf(letter) >= 0) {
            int last = open.length() - 1;
            if (last < 0 || open.charAt(last) != letter) {
                throw TemplateFault.error("'" + letter + "' closes nothing that is open");
            }
            open.setLength(last);
        }
    }

    private void number() {
        boolean afterDot = !tokens.isEmpty() && tokens.getLast().isOperator(".");
        int end = at;
        if (source.charAt(at) == '0' && at + 1 < source.length() && "xXoObB".indexOf(source.charAt(at + 1)) >= 0) {
            end = digits(at + 2, 16);
            add(Token.Kind.INTEGER, source.substring(at, end).replace("_", ""));
            moveTo(end);
            return;
        }
        end = digits(at, 10);
        boolean real = false;
        if (!afterDot && end + 1 < source.length() && source.charAt(end) == '.' && isDigit(end + 1)) {
            end = digits(end + 1, 10);
            real = true;
        }
        if (!afterDot && end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
            int exponent = end + 1 < source.length() && "+-".indexOf(source.charAt(end + 1)) >= 0 ? end + 2 : end + 1;
            if (isDigit(exponent)) {
                end = digits(exponent, 10);
                real = true;
            }
        }
        add(
                real ? Token.Kind.FLOAT : Token.Kind.INTEGER,
                source.substring(at, end).replace("_", ""));
        moveTo(end);
    }

    private boolean isDigit(int index) {
        return index < source.length() && source.charAt(index) >= '0' && source.charAt(index) <= '9';
    }

    private int digits(int from, int radix) {
        int end = from;
        while (end < source.length()
                && (Character.digit(source.charAt(end), radix) >= 0
                        || (source.charAt(end) == '_'
                                && end + 1 < source.length()
                                && Character.digit(source.charAt(end + 1), radix) >= 0))) {
            end++;
        }
        return end;
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw TemplateFault.error("a string begins with " + quote + " and never ends");
        }
        add(Token.Kind.STRING, StringLiteral.unescape(source.substring(at + 1, end)));
        moveTo(end + 1);
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private void moveTo(int next) {
        for (int i = at; i < next; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        at = next;
        lineStarting = false;
    }
}
