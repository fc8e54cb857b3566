package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The methods of strings. */
final class TextMethods {
    private final Text whole;
    private final String text;
    private final Budget budget;

    private TextMethods(Text whole, Budget budget) {
        this.whole = whole;
        text = whole.chars();
        this.budget = budget;
    }

    static Optional<Object> find(Text text, String name, Budget budget) {
        return Optional.ofNullable(new TextMethods(text, budget).method(name));
    }

    private @Nullable Function method(String name) {
        return switch (name) {
            case "upper" -> plain(value -> value.toUpperCase(Locale.ROOT));
            case "lower" -> plain(value -> value.toLowerCase(Locale.ROOT));
            case "casefold" -> plain(value -> value.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
            case "capitalize" -> plain(TextMethods::capitalize);
            case "title" -> plain(TextMethods::title);
            case "strip" -> values -> strip(whole, values, true, true);
            case "lstrip" -> values -> strip(whole, values, true, false);
            case "rstrip" -> values -> strip(whole, values, false, true);
            case "startswith" -> values -> affix(values, text::startsWith);
            case "endswith" -> values -> affix(values, text::endsWith);
            case "removeprefix" ->
                values -> {
                    String prefix = values.bind("prefix").text("prefix");
                    return text.startsWith(prefix) ? whole.part(prefix.length(), text.length()) : whole;
                };
            case "removesuffix" ->
                values -> {
                    String suffix = values.bind("suffix").text("suffix");
                    return text.endsWith(suffix) ? whole.part(0, text.length() - suffix.length()) : whole;
                };
            case "replace" ->
                values -> {
                    CallValues.Bound bound = values.bind("old", "new", "count");
                    bound.text("new");
                    return replace(
                            whole,
                            bound.text("old"),
                            PythonText.text(bound.get("new")),
                            bound.integer("count", -1),
                            budget);
                };
            case "split" -> values -> split(values, false);
            case "rsplit" -> values -> split(values, true);
            case "splitlines" -> values -> lines(values.bind("keepends").truth("keepends", false));
            case "partition" -> values -> partition(values, false);
            case "rpartition" -> values -> partition(values, true);
            case "join" -> values -> join(values);
            case "find" -> values -> position(values, false);
            case "rfind" -> values -> position(values, true);
            case "index" -> values -> found(position(values, false));
            case "rindex" -> values -> found(position(values, true));
            case "count" -> values -> count(values.bind("sub").text("sub"));
            case "zfill" -> values -> zfill(values.bind("width").integer("width", 0));
            case "ljust" -> values -> justify(values, 0);
            case "rjust" -> values -> justify(values, 1);
            case "center" -> values -> justify(values, 0.5);
            case "isdigit", "isdecimal", "isnumeric" -> every(Character::isDigit);
            case "isalpha" -> every(Character::isLetter);
            case "isalnum" -> every(Character::isLetterOrDigit);
            case "isspace" -> every(PythonText::isSpace);
            case "isupper" ->
                values -> !text.equals(text.toLowerCase(Locale.ROOT)) && text.equals(text.toUpperCase(Locale.ROOT));
            case "islower" ->
                values -> !text.equals(text.toUpperCase(Locale.ROOT)) && text.equals(text.toLowerCase(Locale.ROOT));
            default -> null;
        };
    }

    private Function plain(UnaryOperator<String> operation) {
        return values -> {
            values.bind();
            return budget.charged(whole.changed(operation.apply(text)));
        };
    }

    private Function every(IntPredicate test) {
        return values -> !text.isEmpty() && text.codePoints().allMatch(test);
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inside = false;
        for (String letter : PythonText.characters(text)) {
            out.append(inside ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT));
            inside = Character.isLetter(letter.codePointAt(0));
        }
        return out.toString();
    }

    static Text strip(Text whole, CallValues values, boolean left, boolean right) {
        CallValues.Bound bound = values.bind("chars");
        String text = whole.chars();
        boolean space = bound.get("chars", None.NONE) == None.NONE;
        String letters = space ? "" : bound.text("chars");
        String end = !right ? text : space ? PythonText.rstrip(text) : PythonText.rstrip(text, letters);
        String rest = !left ? end : space ? PythonText.lstrip(end) : PythonText.lstrip(end, letters);
        return whole.part(end.length() - rest.length(), end.length());
    }

    private static Object affix(CallValues values, Predicate<String> test) {
        Object affix = values.bind("affix").get("affix");
        List<Object> candidates = affix instanceof Tuple tuple ? tuple.items() : List.of(affix);
        for (Object candidate : candidates) {
            if (!(candidate instanceof Text part)) {
                throw TemplateFault.error(values.callee() + " needs a string or a tuple of strings");
            }
            if (test.test(part.chars())) {
                return true;
            }
        }
        return false;
    }

    static Text replace(Text whole, String old, Text by, long count, Budget budget) {
        String text = whole.chars();
        Text.Builder out = new Text.Builder();
        int from = 0;
        long left = count < 0 ? Long.MAX_VALUE : count;
        while (left-- > 0) {
            int at = text.indexOf(old, from);
            if (at < 0) {
                break;
            }
            budget.charge(by.length());
            out.append(whole, from, at).append(by);
            from = at + old.length();
            if (old.isEmpty()) {
                if (at >= text.length()) {
                    return out.build();
                }
                int next = text.offsetByCodePoints(at, 1);
                out.append(whole, at, next);
                from = next;
            }
        }
        return budget.charged(
                out.append(whole, Math.min(from, text.length()), text.length()).build());
    }

    private Object split(CallValues values, boolean fromRight) {
        CallValues.Bound bound = values.bind("sep", "maxsplit");
        long most = bound.integer("maxsplit", -1);
        most = most < 0 ? Long.MAX_VALUE : most;
        budget.charge(text.length());
        List<Text> parts;
        if (bound.get("sep", None.NONE) == None.NONE) {
            parts = fromRight ? TextSplitter.wordsFromRight(whole, most) : TextSplitter.words(whole, most);
        } else {
            String separator = bound.text("sep");
            if (separator.isEmpty()) {
                throw TemplateFault.error("'split' got an empty separator");
            }
            parts = fromRight
                    ? TextSplitter.partsFromRight(whole, separator, most)
                    : TextSplitter.parts(whole, separator, most);
        }
        budget.chargeItems(parts.size());
        return new ArrayList<Object>(parts);
    }

    private List<Object> lines(boolean keepEnds) {
        budget.charge(text.length());
        List<Text> lines = TextSplitter.lines(whole, keepEnds);
        budget.chargeItems(lines.size());
        return new ArrayList<>(lines);
    }

    private Object partition(CallValues values, boolean last) {
        String separator = values.bind("sep").text("sep");
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return last ? Tuple.of(Text.EMPTY, Text.EMPTY, whole) : Tuple.of(whole, Text.EMPTY, Text.EMPTY);
        }
        int end = at + separator.length();
        return Tuple.of(whole.part(0, at), whole.part(at, end), whole.part(end, text.length()));
    }

    private Object join(CallValues values) {
        Text.Builder out = new Text.Builder();
        boolean first = true;
        for (Object item : Types.items(values.bind("iterable").get("iterable"))) {
            if (!(item instanceof Text part)) {
                throw TemplateFault.error("'join' got a value of type " + Types.name(item) + " among the strings");
            }
            budget.charge((long) part.length() + text.length());
            out.append(first ? Text.EMPTY : whole).append(part);
            first = false;
        }
        return out.build();
    }

    private long position(CallValues values, boolean last) {
        String part = values.bind("sub").text("sub");
        int at = last ? text.lastIndexOf(part) : text.indexOf(part);
        return at < 0 ? -1 : text.codePointCount(0, at);
    }

    private static Object found(long position) {
        if (position < 0) {
            throw TemplateFault.error("'index' looks for text that is not there");
        }
        return position;
    }

    private long count(String part) {
        if (part.isEmpty()) {
            return PythonText.length(text) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private Text zfill(long width) {
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return whole.part(0, sign).plus(Text.fromOutside(pad("0", width))).plus(whole.part(sign, text.length()));
    }

    private Text justify(CallValues values, double leftShare) {
        CallValues.Bound bound = values.bind("width", "fillchar");
        String fill = bound.text("fillchar", " ");
        if (PythonText.length(fill) != 1) {
            throw TemplateFault.error(values.callee() + " fills with exactly one character");
        }
        long width = bound.integer("width", 0);
        long missing = Math.max(0, width - PythonText.length(text));
        long left = leftShare == 0.5 ? missing / 2 + (missing & width & 1) : Math.round(missing * leftShare);
        budget.charge(missing + text.length());
        return Text.fromOutside(fill.repeat((int) left)).plus(whole).plus(Text.fromOutside(fill.repeat((int)
                (missing - left))));
    }

    private String pad(String fill, long width) {
        long missing = Math.max(0, width - PythonText.length(text));
        budget.charge(missing + text.length());
        return fill.repeat((int) missing);
    }
}
