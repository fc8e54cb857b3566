package dev.slipway.engine.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluated arguments.
 *
 * @param callee how messages call what is called
 */
record CallValues(String callee, List<Object> positional, Map<String, Object> named) {
    /** Named values as a dictionary of templates. */
    static Map<Object, Object> keyed(Map<String, Object> named) {
        Map<Object, Object> map = new LinkedHashMap<>();
        named.forEach((name, value) -> map.put(Text.fromOutside(name), value));
        return map;
    }

    /** The arguments without the first. */
    CallValues rest() {
        return new CallValues(callee, positional.subList(1, positional.size()), named);
    }

    /**
     * The arguments by the callee's names for them; those not given are absent.
     *
     * @throws TemplateFault when there are too many, one has an unknown name, or one is given twice
     */
    Bound bind(String... names) {
        if (positional.size() > names.length) {
            throw TemplateFault.error(
                    callee + " takes at most " + names.length + " arguments and got " + positional.size());
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < positional.size(); i++) {
            values.put(names[i], positional.get(i));
        }
        named.forEach((name, value) -> {
            if (!List.of(names).contains(name)) {
                throw TemplateFault.error(callee + " has no argument '" + name + "'");
            }
            if (values.put(name, value) != null) {
                throw TemplateFault.error(callee + " got the argument '" + name + "' twice");
            }
        });
        return new Bound(callee, values);
    }

    /** Arguments by name. */
    record Bound(String callee, Map<String, Object> values) {
        boolean has(String name) {
            return values.containsKey(name);
        }

        Object get(String name) {
            Object value = values.get(name);
            if (value == null) {
                throw TemplateFault.error(callee + " needs the argument '" + name + "'");
            }
            return value;
        }

        Object get(String name, Object absent) {
            return values.getOrDefault(name, Text.value(absent));
        }

        /** An argument that is a whole number. */
        long integer(String name, long absent) {
            Object value = get(name, absent);
            if (value instanceof Boolean flag) {
                return flag ? 1 : 0;
            }
            if (value instanceof Long number) {
                return number;
            }
            throw wrong(name, value, "a whole number");
        }

        /** An argument that is text. */
        String text(String name, String absent) {
            return has(name) ? text(name) : absent;
        }

        /** An argument that is text and must be there. */
        String text(String name) {
            Object value = get(name);
            if (value instanceof Text text) {
                return text.chars();
            }
            throw wrong(name, value, "a string");
        }

        /** An argument as printed, which still knows where it came from. */
        Text printed(String name, Text absent) {
            return has(name) ? PythonText.text(get(name)) : absent;
        }

        boolean truth(String name, boolean absent) {
            return has(name) ? Types.truth(get(name)) : absent;
        }

        private TemplateFault wrong(String name, Object value, String wanted) {
            return TemplateFault.error("the argument '" + name + "' of " + callee + " is of type " + Types.name(value)
                    + ", not " + wanted);
        }
    }
}
