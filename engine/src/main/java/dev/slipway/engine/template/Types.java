package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What kinds of values there are, and what Python makes of each: {@link None}, {@link Boolean}, {@link Long},
 * {@link Double}, {@link Text}, {@link List}, {@link Tuple}, {@link Map}, {@link DictView}, {@link Namespace}, {@link Generated},
 * {@link Function}, {@link LoopState} and {@link Undefined}. No other class ever gets in.
 */
final class Types {
    private Types() {}

    /** Python's name of a value's type. */
    static String name(Object value) {
        return switch (value) {
            case None none -> "NoneType";
            case Boolean flag -> "bool";
            case Long number -> "int";
            case Double number -> "float";
            case Text text -> "str";
            case List<?> list -> "list";
            case Tuple tuple -> "tuple";
            case Map<?, ?> map -> "dict";
            case DictView view -> view.kind();
            case Namespace namespace -> "Namespace";
            case Generated generated -> "generator";
            case Function function -> "function";
            case LoopState loop -> "LoopContext";
            case Undefined undefined -> "Undefined";
            default -> throw new IllegalStateException("no value of a template: " + value.getClass());
        };
    }

    static boolean truth(Object value) {
        return switch (value) {
            case None none -> false;
            case Boolean flag -> flag;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case Text text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Tuple tuple -> !tuple.items().isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case DictView view -> !view.items().isEmpty();
            case Undefined undefined -> false;
            default -> true;
        };
    }

    /** The items of a list, tuple or string, the keys of a dictionary, or what a generator has left. */
    static List<Object> items(Object value) {
        return switch (value) {
            case List<?> list -> values(list);
            case Tuple tuple -> tuple.items();
            case DictView view -> view.items();
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case Text text -> characters(text);
            case Undefined undefined -> List.of();
            case Generated generated -> {
                List<Object> rest = new ArrayList<>();
                for (Iterator<Object> iterator = generated.rest(); iterator.hasNext(); ) {
                    rest.add(iterator.next());
                }
                yield rest;
            }
            default -> throw TemplateFault.error("a value of type " + name(value) + " cannot be gone through");
        };
    }

    private static List<Object> characters(Text text) {
        if (text.length() > Limits.MAX_PARTS) {
            throw TemplateFault.limit("it goes through a text of more than " + Limits.MAX_PARTS + " characters");
        }
        List<Object> characters = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = text.chars().offsetByCodePoints(at, 1);
            characters.add(text.part(at, end));
            at = end;
        }
        return characters;
    }

    @SuppressWarnings("unchecked") // Every list here was made in this package, of Object.
    static List<Object> values(List<?> list) {
        return (List<Object>) list;
    }

    @SuppressWarnings("unchecked") // Every map here was made in this package, of Object.
    static Map<Object, Object> entries(Map<?, ?> map) {
        return (Map<Object, Object>) map;
    }

    static long length(Object value) {
        return switch (value) {
            case List<?> list -> list.size();
            case Tuple tuple -> tuple.items().size();
            case Map<?, ?> map -> map.size();
            case DictView view -> view.items().size();
            case Text text -> PythonText.length(text.chars());
            case Undefined undefined -> 0;
            default -> throw TemplateFault.error("a value of type " + name(value) + " has no length");
        };
    }

    /** A value that may be the key of a dictionary. */
    static Object key(Object value) {
        return switch (value) {
            case List<?> list -> throw TemplateFault.error("a list cannot be the key of a dictionary");
            case Map<?, ?> map -> throw TemplateFault.error("a dictionary cannot be the key of a dictionary");
            case Tuple tuple -> {
                tuple.items().forEach(Types::key);
                yield tuple;
            }
            default -> value;
        };
    }
}
