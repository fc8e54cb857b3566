package dev.slipway.engine.template;

import java.util.List;
import java.util.Locale;

/** Filters over text that are no methods of strings as well. */
final class TextFilters {
    private TextFilters() {}

    /** Each word with a capital; words end at white space, hyphens and opening brackets. */
    static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean start = true;
        for (String letter : PythonText.characters(text)) {
            out.append(start ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT));
            start = letter.length() == 1 && ("-({[<".contains(letter) || PythonText.isSpace(letter.charAt(0)));
        }
        return out.toString();
    }

    static String indent(String text, CallValues values, Budget budget) {
        CallValues.Bound bound = values.bind("width", "first", "blank");
        Object width = bound.get("width", 4L);
        String unit;
        if (width instanceof String given) {
            unit = given;
        } else {
            long spaces = Math.max(0, bound.integer("width", 4));
            budget.charge(spaces);
            unit = " ".repeat((int) spaces);
        }
        boolean blank = bound.truth("blank", false);
        StringBuilder out = new StringBuilder(bound.truth("first", false) ? unit : "");
        List<Object> lines = TextSplitter.lines(text + "\n", false);
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            if (i > 0) {
                out.append('\n').append(line.isEmpty() && !blank ? "" : unit);
                budget.charge(unit.length() + 1L);
            }
            out.append(line);
        }
        return budget.charged(out.toString());
    }

    static String center(String text, CallValues values, Budget budget) {
        long missing = Math.max(0, values.bind("width").integer("width", 80) - PythonText.length(text));
        budget.charge(missing + text.length());
        long width = missing + PythonText.length(text);
        int left = (int) (missing / 2 + (missing & width & 1));
        return " ".repeat(left) + text + " ".repeat((int) missing - left);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }
}
