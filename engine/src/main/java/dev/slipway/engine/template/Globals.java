package dev.slipway.engine.template;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template has. */
final class Globals {
    private Globals() {}

    static Scope scope(Budget budget, ZonedDateTime now) {
        Scope scope = new Scope(null);
        scope.put("raise_exception", (Function) Globals::refuse);
        scope.put("strftime_now", (Function)
                values -> Strftime.format(values.bind("format").text("format"), now));
        scope.put("range", (Function) values -> range(values, budget));
        scope.put("namespace", (Function) Globals::namespace);
        scope.put("dict", (Function) values -> dictionary(values));
        return scope;
    }

    private static Object refuse(CallValues values) {
        throw new TemplateFault(
                TemplateFault.Kind.REFUSED,
                PythonText.str(values.bind("message").get("message")));
    }

    private static Object range(CallValues values, Budget budget) {
        CallValues.Bound bound = values.bind("start", "stop", "step");
        long start = bound.has("stop") ? bound.integer("start", 0) : 0;
        long stop = bound.has("stop") ? bound.integer("stop", 0) : bound.integer("start", 0);
        long step = bound.integer("step", 1);
        if (step == 0) {
            throw TemplateFault.error("the step of 'range' is zero");
        }
        List<Object> numbers = new ArrayList<>();
        for (long number = start; step > 0 ? number < stop : number > stop; number = Math.addExact(number, step)) {
            if (numbers.size() == Limits.MAX_RANGE) {
                throw TemplateFault.limit("a 'range' has more than " + Limits.MAX_RANGE + " numbers");
            }
            numbers.add(number);
        }
        budget.chargeItems(numbers.size());
        return numbers;
    }

    private static Object namespace(CallValues values) {
        Namespace namespace = new Namespace();
        dictionary(values).forEach((name, value) -> namespace.put(PythonText.str(name), value));
        return namespace;
    }

    private static Map<Object, Object> dictionary(CallValues values) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object argument : values.positional()) {
            if (argument instanceof Map<?, ?> given) {
                map.putAll(given);
                continue;
            }
            for (Object pair : Types.items(argument)) {
                List<Object> parts = Types.items(pair);
                if (parts.size() != 2) {
                    throw TemplateFault.error("'dict' needs pairs of key and value");
                }
                map.put(Types.key(parts.get(0)), parts.get(1));
            }
        }
        map.putAll(CallValues.keyed(values.named()));
        return map;
    }
}
