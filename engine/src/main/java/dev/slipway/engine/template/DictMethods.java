package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The methods of dictionaries. */
final class DictMethods {
    private DictMethods() {}

    static Optional<Object> find(Map<Object, Object> map, String name) {
        Function method = switch (name) {
            case "get" ->
                values -> {
                    CallValues.Bound bound = values.bind("key", "default");
                    Object value = map.get(Types.key(bound.get("key")));
                    return value != null ? value : bound.get("default", None.NONE);
                };
            case "items" -> values -> new DictView("dict_items", items(map));
            case "keys" -> values -> new DictView("dict_keys", new ArrayList<>(map.keySet()));
            case "values" -> values -> new DictView("dict_values", new ArrayList<>(map.values()));
            case "copy" -> values -> new LinkedHashMap<>(map);
            default -> null;
        };
        return Optional.ofNullable(method);
    }

    /** Pairs of key and value. */
    static List<Object> items(Map<Object, Object> map) {
        List<Object> items = new ArrayList<>(map.size());
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }
}
