package dev.slipway.engine.grammar;

import java.nio.charset.StandardCharsets;

/** Questions about the texts of a grammar. */
public final class Texts {
    private Texts() {}

    /** Whether there is any. */
    public static boolean exist(Rules rules) {
        return new Distances(rules).ofRule(rules.root()) < Distances.NEVER;
    }

    /** Whether a text is one of them. */
    public static boolean match(Rules rules, String text) {
        if (!exist(rules)) {
            return false;
        }
        Program program = Program.of(rules);
        Machine machine = new Machine(program);
        Configuration at = machine.start();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            at = machine.step(at, program.byteClasses()[value & 0xFF]);
        }
        return at.whole;
    }
}
