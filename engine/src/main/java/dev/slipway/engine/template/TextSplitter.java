package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Splits text as Python's {@code split}, {@code rsplit} and {@code splitlines} do. */
final class TextSplitter {
    private TextSplitter() {}

    static List<Object> parts(String text, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (long left = most; left > 0; left--) {
            int at = text.indexOf(separator, from);
            if (at < 0) {
                break;
            }
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    static List<Object> partsFromRight(String text, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        int to = text.length();
        for (long left = most; left > 0; left--) {
            int at = to < separator.length() ? -1 : text.lastIndexOf(separator, to - separator.length());
            if (at < 0) {
                break;
            }
            parts.add(text.substring(at + separator.length(), to));
            to = at;
        }
        parts.add(text.substring(0, to));
        Collections.reverse(parts);
        return parts;
    }

    static List<Object> words(String text, long most) {
        List<Object> words = new ArrayList<>();
        String rest = PythonText.lstrip(text);
        for (long left = most; left > 0 && !rest.isEmpty(); left--) {
            int end = 0;
            while (end < rest.length() && !PythonText.isSpace(rest.charAt(end))) {
                end++;
            }
            words.add(rest.substring(0, end));
            while (end < rest.length() && PythonText.isSpace(rest.charAt(end))) {
                end++;
            }
            rest = rest.substring(end);
        }
        if (!rest.isEmpty()) {
            words.add(PythonText.rstrip(rest));
        }
        return words;
    }

    static List<Object> wordsFromRight(String text, long most) {
        List<Object> words = new ArrayList<>();
        String rest = PythonText.rstrip(text);
        for (long left = most; left > 0 && !rest.isEmpty(); left--) {
            int start = rest.length();
            while (start > 0 && !PythonText.isSpace(rest.charAt(start - 1))) {
                start--;
            }
            words.add(rest.substring(start));
            rest = PythonText.rstrip(rest.substring(0, start));
        }
        if (!rest.isEmpty()) {
            words.add(PythonText.lstrip(rest));
        }
        Collections.reverse(words);
        return words;
    }

    static List<Object> lines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            if ("\n\r\u000B\f\u001C\u001D\u001E\u0085\u2028\u2029".indexOf(text.charAt(at)) < 0) {
                continue;
            }
            int end = at;
            if (text.startsWith("\r\n", at)) {
                at++;
            }
            lines.add(text.substring(from, keepEnds ? at + 1 : end));
            from = at + 1;
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }
}
