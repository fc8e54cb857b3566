package dev.slipway.engine.tool;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings the calls of earlier turns into the shape that chat templates are written for: there {@code arguments} is an
 * object, while the OpenAI API hands it over as JSON text, which a template would quote a second time.
 */
public final class EarlierCalls {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EarlierCalls() {}

    /** The calls, with every {@code arguments} that is the text of a JSON object replaced by that object. */
    public static List<Object> forTemplate(List<?> calls) {
        List<Object> converted = new ArrayList<>(calls.size());
        for (Object given : calls) {
            if (!(given instanceof Map<?, ?> call)) {
                converted.add(given);
                continue;
            }
            Map<Object, Object> copy = new LinkedHashMap<>(call);
            if (call.get("function") instanceof Map<?, ?> function) {
                copy.put("function", withObject(function));
            }
            converted.add(withObject(copy));
        }
        return converted;
    }

    private static Map<Object, Object> withObject(Map<?, ?> function) {
        Map<Object, Object> copy = new LinkedHashMap<>(function);
        if (function.get("arguments") instanceof String text && JsonStrings.isObject(text)) {
            try {
                Object parsed = JSON.readValue(text, Object.class);
                if (!holdsHugeNumber(parsed)) {
                    copy.put("arguments", parsed);
                }
            } catch (JacksonException refused) {
                // A limit of the reader; the text itself still says everything.
                return copy;
            }
        }
        return copy;
    }

    /** Whether there is a whole number of more than 64 bits, which templates cannot calculate with. */
    private static boolean holdsHugeNumber(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case BigInteger huge -> true;
            case List<?> list -> list.stream().anyMatch(EarlierCalls::holdsHugeNumber);
            case Map<?, ?> map -> map.values().stream().anyMatch(EarlierCalls::holdsHugeNumber);
            default -> false;
        };
    }
}
