package dev.slipway.engine.template;

/** Escapes in string literals, which are Python's. */
final class StringLiteral {
    private StringLiteral() {}

    static String unescape(String body) {
        if (body.indexOf('\\') < 0) {
            return body;
        }
        StringBuilder text = new StringBuilder(body.length());
        int at = 0;
        while (at < body.length()) {
            char letter = body.charAt(at);
            if (letter == '\\' && at + 1 < body.length()) {
                at = escape(body, at + 1, text);
            } else {
                text.append(letter);
                at++;
            }
        }
        return text.toString();
    }

    /** Appends what the escape whose letter stands at {@code at} means; returns where the text goes on. */
    private static int escape(String body, int at, StringBuilder text) {
        char letter = body.charAt(at);
        switch (letter) {
            case '\n' -> {}
            case '\\', '\'', '"' -> text.append(letter);
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'v' -> text.append('\u000B');
            case 'x' -> {
                return hex(body, at + 1, 2, text);
            }
            case 'u' -> {
                return hex(body, at + 1, 4, text);
            }
            case 'U' -> {
                return hex(body, at + 1, 8, text);
            }
            case 'N' -> throw TemplateFault.error("a string names a character with \\N{…}, which is not supported");
            default -> {
                if (letter >= '0' && letter <= '7') {
                    return octal(body, at, text);
                }
                text.append('\\').append(letter);
            }
        }
        return at + 1;
    }

    private static int hex(String body, int from, int digits, StringBuilder text) {
        int end = from + digits;
        int codePoint = -1;
        if (end <= body.length()) {
            try {
                codePoint = Integer.parseUnsignedInt(body, from, end, 16);
            } catch (NumberFormatException notHex) {
                codePoint = -1;
            }
        }
        if (!Character.isValidCodePoint(codePoint)) {
            throw TemplateFault.error("a string holds an escape \\" + body.charAt(from - 1) + " without " + digits
                    + " hexadecimal digits of a character");
        }
        text.appendCodePoint(codePoint);
        return end;
    }

    private static int octal(String body, int from, StringBuilder text) {
        int end = from;
        int value = 0;
        while (end < body.length() && end < from + 3 && body.charAt(end) >= '0' && body.charAt(end) <= '7') {
            value = value * 8 + body.charAt(end) - '0';
            end++;
        }
        text.append((char) value);
        return end;
    }
}
