package dev.slipway.engine.tool;

import java.util.HexFormat;

/** What a JSON string, already known to be well-formed, says. */
final class JsonStrings {
    private JsonStrings() {}

    /** The text of a string literal with its quotes. */
    static String unquote(CharSequence literal) {
        StringBuilder text = new StringBuilder(literal.length());
        for (int at = 1; at < literal.length() - 1; at++) {
            char letter = literal.charAt(at);
            if (letter != '\\') {
                text.append(letter);
                continue;
            }
            at++;
            char escape = literal.charAt(at);
            switch (escape) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(literal, at + 1, at + 5, 16));
                    at += 4;
                }
                default -> text.append(escape);
            }
        }
        return text.toString();
    }

    /** A text as a string literal with its quotes. */
    static String quote(String text) {
        StringBuilder literal = new StringBuilder(text.length() + 2).append('"');
        for (int at = 0; at < text.length(); at++) {
            escape(text.charAt(at), literal);
        }
        return literal.append('"').toString();
    }

    /** Appends a letter as it stands within a string literal. */
    static void escape(char letter, StringBuilder out) {
        switch (letter) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (letter < ' ') {
                    out.append("\\u00").append(HexFormat.of().toHexDigits((byte) letter));
                } else {
                    out.append(letter);
                }
            }
        }
    }

    /** Whether a text is one JSON object and nothing else. */
    static boolean isObject(String text) {
        return text.stripLeading().startsWith("{") && isValue(text);
    }

    /** Whether a text is one JSON value and nothing else. */
    static boolean isValue(String text) {
        if (JsonScanner.isNumber(text)) {
            return true;
        }
        JsonScanner scanner = new JsonScanner();
        for (int at = 0; at < text.length(); at++) {
            scanner.accept(text.charAt(at));
        }
        return scanner.state() == JsonScanner.State.COMPLETE;
    }
}
