package dev.slipway.engine.grammar;

import java.util.Set;

/** A place in a compiled grammar. Nodes are named by number; {@code next} is where it goes on. */
sealed interface Node {
    /** Number of the node that stands for the end of every rule and of every repeated part. */
    int END_OF_RULE = 0;

    /** Reads fixed bytes. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares nodes.
    record Literal(byte[] bytes, int next) implements Node {}

    /** Reads characters, at least {@code min} and at most {@code max} of them. */
    record Loop(Unit unit, int min, int max, int next) implements Node {}

    /** Goes through a rule. */
    record Call(int rule, int next) implements Node {}

    /** Goes on in any of several ways. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares nodes.
    record Split(int[] targets) implements Node {}

    /**
     * Goes through a part several times.
     *
     * @param bodyBytes bytes of the body's shortest text
     * @param simpleLoops the nodes among which the body is one character and nothing else
     */
    record Repeated(int body, int min, int max, int next, int bodyBytes, Set<Integer> simpleLoops) implements Node {}

    /** Goes back to where the rule or repeated part was entered. */
    record End() implements Node {}
}
