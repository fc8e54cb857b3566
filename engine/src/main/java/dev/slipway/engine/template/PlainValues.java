package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes plain JSON values in: copies them, so that a template sees no class but those of {@link Types}. */
final class PlainValues {
    private PlainValues() {}

    static Object of(@Nullable Object value) {
        return of(value, 0);
    }

    private static Object of(@Nullable Object value, int depth) {
        if (depth > Limits.MAX_VALUE_DEPTH) {
            throw TemplateFault.limit("a variable is nested more than " + Limits.MAX_VALUE_DEPTH + " levels deep");
        }
        return switch (value) {
            case null -> None.NONE;
            case String text -> Text.fromOutside(text);
            case ChatTemplate.Written(String text) -> Text.written(text);
            case Boolean flag -> flag;
            case Long number -> number;
            case Integer number -> number.longValue();
            case Short number -> number.longValue();
            case Double number -> number;
            case Float number -> number.doubleValue();
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                for (Object item : list) {
                    copy.add(of(item, depth + 1));
                }
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    copy.put(of(entry.getKey(), depth + 1), of(entry.getValue(), depth + 1));
                }
                yield copy;
            }
            case Number number ->
                throw TemplateFault.error("the number " + number + " in a variable does not fit 64 bits");
            default -> throw TemplateFault.error("a variable holds a value that is not plain JSON");
        };
    }
}
