package dev.slipway.engine.template;

import java.util.List;
import java.util.Map;

/** Text as Python sees it: counted in characters and not in UTF-16 units, with Python's white space and spellings. */
final class PythonText {
    private PythonText() {}

    static boolean isSpace(int letter) {
        return Character.isWhitespace(letter)
                || letter == 0x85
                || letter == 0xA0
                || letter == 0x2007
                || letter == 0x202F;
    }

    /** Whether there is text from there on and all of it is white space. */
    static boolean isSpace(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                return false;
            }
        }
        return from < text.length();
    }

    static String rstrip(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    static String lstrip(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static String strip(String text) {
        return lstrip(rstrip(text));
    }

    /** Without any of these characters at the end. */
    static String rstrip(String text, String letters) {
        int end = text.length();
        while (end > 0 && letters.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    /** Without any of these characters at the start. */
    static String lstrip(String text, String letters) {
        int start = 0;
        while (start < text.length() && letters.indexOf(text.codePointAt(start)) >= 0) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The characters of a text, made while they are gone through. */
    static Iterable<String> characters(String text) {
        return () -> text.codePoints().mapToObj(Character::toString).iterator();
    }

    /** Order by characters, which differs from Java's where one string has characters beyond the first 65,536. */
    static int compare(String left, String right) {
        int i = 0;
        int shorter = Math.min(left.length(), right.length());
        while (i < shorter && left.charAt(i) == right.charAt(i)) {
            i++;
        }
        if (i == shorter) {
            return Integer.compare(left.length(), right.length());
        }
        char a = left.charAt(i);
        char b = right.charAt(i);
        return Character.isSurrogate(a) != Character.isSurrogate(b)
                ? Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b))
                : Character.compare(a, b);
    }

    /** A value as {@code str()} writes it, which is what an output prints. */
    static String str(Object value) {
        return switch (value) {
            case Text text -> text.chars();
            case Undefined undefined -> "";
            default -> repr(value);
        };
    }

    /** A value as {@code str()} writes it, which still knows where it came from. */
    static Text text(Object value) {
        return value instanceof Text text ? text : Text.fromOutside(str(value));
    }

    /** A value as {@code repr()} writes it. */
    static String repr(Object value) {
        StringBuilder out = new StringBuilder();
        repr(value, out, 0);
        return out.toString();
    }

    private static void repr(Object value, StringBuilder out, int depth) {
        if (depth > Limits.MAX_VALUE_DEPTH || out.length() > Limits.MAX_OUTPUT) {
            throw TemplateFault.limit("a value to be printed is too large or nested too deeply");
        }
        switch (value) {
            case None none -> out.append("None");
            case Boolean flag -> out.append(flag ? "True" : "False");
            case Long number -> out.append(number.longValue());
            case Double number -> out.append(Numbers.print(number));
            case Text text -> quote(text.chars(), out);
            case List<?> list -> reprItems(list, "[", "]", out, depth);
            case Tuple tuple -> reprItems(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", out, depth);
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    repr(entry.getKey(), out, depth + 1);
                    out.append(": ");
                    repr(entry.getValue(), out, depth + 1);
                    separator = ", ";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case DictView view -> reprItems(view.items(), view.kind() + "([", "])", out, depth);
            case Undefined undefined -> out.append("Undefined");
            default -> throw TemplateFault.error("a value of type " + Types.name(value) + " cannot be printed");
        }
    }

    private static void reprItems(List<?> items, String open, String close, StringBuilder out, int depth) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            repr(items.get(i), out, depth + 1);
        }
        out.append(close);
    }

    private static void quote(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(letter -> {
            switch (letter) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (letter == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(letter)) {
                        out.appendCodePoint(letter);
                    } else {
                        String form = letter < 0x100 ? "\\x%02x" : letter < 0x10000 ? "\\u%04x" : "\\U%08x";
                        out.append(String.format(form, letter));
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean isPrintable(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> letter == ' ';
            default -> true;
        };
    }
}
