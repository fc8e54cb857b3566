package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Splits text as Python's {@code split}, {@code rsplit} and {@code splitlines} do. */
final class TextSplitter {
    private TextSplitter() {}

    private static void add(List<Text> all, Text part) {
        if (all.size() == Limits.MAX_PARTS) {
            throw TemplateFault.limit("it splits a text into more than " + Limits.MAX_PARTS + " parts");
        }
        all.add(part);
    }

    static List<Text> parts(Text whole, String separator, long most) {
        String text = whole.chars();
        List<Text> parts = new ArrayList<>();
        int from = 0;
        for (long left = most; left > 0; left--) {
            int at = text.indexOf(separator, from);
            if (at < 0) {
                break;
            }
            add(parts, whole.part(from, at));
            from = at + separator.length();
        }
        add(parts, whole.part(from, text.length()));
        return parts;
    }

    static List<Text> partsFromRight(Text whole, String separator, long most) {
        String text = whole.chars();
        List<Text> parts = new ArrayList<>();
        int to = text.length();
        for (long left = most; left > 0; left--) {
            int at = to < separator.length() ? -1 : text.lastIndexOf(separator, to - separator.length());
            if (at < 0) {
                break;
            }
            add(parts, whole.part(at + separator.length(), to));
            to = at;
        }
        add(parts, whole.part(0, to));
        Collections.reverse(parts);
        return parts;
    }

    static List<Text> words(Text whole, long most) {
        String text = whole.chars();
        List<Text> words = new ArrayList<>();
        int at = skip(text, 0, true);
        for (long left = most; left > 0 && at < text.length(); left--) {
            int end = skip(text, at, false);
            add(words, whole.part(at, end));
            at = skip(text, end, true);
        }
        if (at < text.length()) {
            add(words, whole.part(at, skipBack(text, text.length(), true)));
        }
        return words;
    }

    /** Where the run of white space, or of anything else, that begins there ends. */
    private static int skip(String text, int from, boolean space) {
        int at = from;
        while (at < text.length() && PythonText.isSpace(text.charAt(at)) == space) {
            at++;
        }
        return at;
    }

    static List<Text> wordsFromRight(Text whole, long most) {
        String text = whole.chars();
        List<Text> words = new ArrayList<>();
        int at = skipBack(text, text.length(), true);
        for (long left = most; left > 0 && at > 0; left--) {
            int start = skipBack(text, at, false);
            add(words, whole.part(start, at));
            at = skipBack(text, start, true);
        }
        if (at > 0) {
            add(words, whole.part(skip(text, 0, true), at));
        }
        Collections.reverse(words);
        return words;
    }

    /** Where the run of white space, or of anything else, that ends there begins. */
    private static int skipBack(String text, int to, boolean space) {
        int at = to;
        while (at > 0 && PythonText.isSpace(text.charAt(at - 1)) == space) {
            at--;
        }
        return at;
    }

    static List<Text> lines(Text whole, boolean keepEnds) {
        String text = whole.chars();
        List<Text> lines = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            if ("\n\r\u000B\f\u001C\u001D\u001E\u0085\u2028\u2029".indexOf(text.charAt(at)) < 0) {
                continue;
            }
            int end = at;
            if (text.startsWith("\r\n", at)) {
                at++;
            }
            add(lines, whole.part(from, keepEnds ? at + 1 : end));
            from = at + 1;
        }
        if (from < text.length()) {
            add(lines, whole.part(from, text.length()));
        }
        return lines;
    }
}
