package dev.slipway.engine.template;

import java.util.List;
import java.util.Locale;

/** Filters over text that are no methods of strings as well. */
final class TextFilters {
    private static final Text LINE_END = Text.fromOutside("\n");

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

    static Text indent(Text text, CallValues values, Budget budget) {
        CallValues.Bound bound = values.bind("width", "first", "blank");
        Object width = bound.get("width", 4L);
        Text unit;
        if (width instanceof Text given) {
            unit = given;
        } else {
            long spaces = Math.max(0, bound.integer("width", 4));
            budget.charge(spaces);
            unit = Text.fromOutside(" ".repeat((int) spaces));
        }
        boolean blank = bound.truth("blank", false);
        Text.Builder out = new Text.Builder().append(bound.truth("first", false) ? unit : Text.EMPTY);
        List<Text> lines = TextSplitter.lines(text.plus(LINE_END), false);
        for (int i = 0; i < lines.size(); i++) {
            Text line = lines.get(i);
            if (i > 0) {
                out.append(LINE_END).append(line.isEmpty() && !blank ? Text.EMPTY : unit);
                budget.charge(unit.length() + 1L);
            }
            out.append(line);
        }
        return budget.charged(out.build());
    }

    static Text center(Text text, CallValues values, Budget budget) {
        long missing = Math.max(0, values.bind("width").integer("width", 80) - PythonText.length(text.chars()));
        budget.charge(missing + text.length());
        long width = missing + PythonText.length(text.chars());
        int left = (int) (missing / 2 + (missing & width & 1));
        return Text.fromOutside(" ".repeat(left)).plus(text).plus(Text.fromOutside(" ".repeat((int) missing - left)));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }
}
