package dev.slipway.engine.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace()} makes: the one kind of value whose members can be set, from inside loops too. */
final class Namespace {
    private final Map<String, Object> members = new LinkedHashMap<>();

    Object get(String name) {
        Object value = members.get(name);
        return value != null ? value : Undefined.member(this, name);
    }

    void put(String name, Object value) {
        members.put(name, value);
    }
}
