package dev.slipway.engine.template;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code "…" % values}: {@code %s}, {@code %r}, {@code %d}, {@code %i}, {@code %f}, {@code %x} and {@code %%}. */
final class PercentFormat {
    private static final Pattern FIELD = Pattern.compile(
            "%(?:\\((?<key>[^)]*)\\))?(?<flags>[-0+ ]*)(?<width>\\d{0,4})(?:\\.(?<precision>\\d{0,3}))?(?<type>.?)",
            Pattern.DOTALL);

    private PercentFormat() {}

    static Text format(Text written, Object values, Budget budget) {
        List<Object> row = values instanceof Tuple tuple ? tuple.items() : List.of(values);
        String format = written.chars();
        Text.Builder out = new Text.Builder();
        Matcher field = FIELD.matcher(format);
        int used = 0;
        int last = 0;
        while (field.find()) {
            out.append(written, last, field.start());
            last = field.end();
            if (field.group("type").equals("%")) {
                out.append(written, last - 1, last);
                continue;
            }
            Object value;
            String key = field.group("key");
            if (key != null
                    && values instanceof Map<?, ?> map
                    && map.get(Text.fromOutside(key)) instanceof Object named) {
                value = named;
            } else if (key == null && used < row.size()) {
                value = row.get(used++);
            } else {
                throw TemplateFault.error("a format has more fields than there are values");
            }
            Text text = field.group().equals("%s") ? PythonText.text(value) : Text.fromOutside(field(field, value));
            budget.charge(text.length());
            out.append(text);
        }
        if (used < row.size() && !(values instanceof Map<?, ?>)) {
            throw TemplateFault.error("a format has fewer fields than there are values");
        }
        return out.append(written, last, format.length()).build();
    }

    private static String field(Matcher field, Object value) {
        String precision = field.group("precision");
        String body = switch (field.group("type")) {
            case "s" -> cut(PythonText.str(value), precision);
            case "r" -> cut(PythonText.repr(value), precision);
            case "d", "i", "u" -> Long.toString(whole(value));
            case "x" -> Long.toHexString(whole(value));
            case "f", "F" ->
                String.format(
                        Locale.ROOT,
                        "%." + (precision == null || precision.isEmpty() ? "6" : precision) + "f",
                        Numbers.real(value));
            default -> throw TemplateFault.error("a format holds '" + field.group() + "', which is not supported");
        };
        String flags = field.group("flags");
        boolean number =
                !field.group("type").equals("s") && !field.group("type").equals("r");
        if (number && !body.startsWith("-")) {
            body = (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + body;
        }
        int width = field.group("width").isEmpty() ? 0 : Integer.parseInt(field.group("width"));
        int missing = Math.max(0, width - PythonText.length(body));
        if (flags.contains("-")) {
            return body + " ".repeat(missing);
        }
        if (number && flags.contains("0")) {
            int sign = body.startsWith("-") || body.startsWith("+") || body.startsWith(" ") ? 1 : 0;
            return body.substring(0, sign) + "0".repeat(missing) + body.substring(sign);
        }
        return " ".repeat(missing) + body;
    }

    private static String cut(String text, @Nullable String precision) {
        return precision == null || precision.isEmpty()
                ? text
                : text.substring(
                        0, text.offsetByCodePoints(0, Math.min(PythonText.length(text), Integer.parseInt(precision))));
    }

    private static long whole(Object value) {
        return (long) Numbers.real(value);
    }
}
