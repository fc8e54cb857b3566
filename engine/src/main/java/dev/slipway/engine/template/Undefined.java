package dev.slipway.engine.template;

/**
 * What a name or a member that does not exist gives: prints as nothing, is empty and false, and fails when anything is
 * taken from it.
 *
 * @param problem what the failure says
 */
record Undefined(String problem) {
    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined member(Object owner, Object key) {
        return new Undefined(
                "a value of type " + Types.name(owner) + " has no member " + PythonText.repr(Text.value(key)));
    }

    TemplateFault fault() {
        return TemplateFault.error(problem);
    }
}
