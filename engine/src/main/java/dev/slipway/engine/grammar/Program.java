package dev.slipway.engine.grammar;

import java.util.List;

/**
 * A grammar made ready to run.
 *
 * @param nodes the first is {@link Node.End}
 * @param bytesToEnd for each node, bytes of the shortest way from it to the end of its rule
 * @param starts the first node of each rule
 * @param root the rule that a text begins with
 * @param byteClasses for each byte its class; bytes of one class are never told apart
 * @param examples one byte of each class
 * @param loops the character sets that some text repeats often
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares programs.
record Program(
        Node[] nodes, int[] bytesToEnd, int[] starts, int root, int[] byteClasses, int[] examples, List<Unit> loops) {
    static Program of(Rules rules) {
        return new ProgramBuilder(rules).build();
    }

    int classCount() {
        return examples.length;
    }
}
