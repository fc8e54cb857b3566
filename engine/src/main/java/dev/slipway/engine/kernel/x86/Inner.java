package dev.slipway.engine.kernel.x86;

import dev.slipway.engine.kernel.x86.Operand.Vec;

/** What a product does for one step along the columns; {@link ProductCode} has the loops around it. */
interface Inner {
    /** Bytes of weights that a step takes from a group. */
    int weightBytes();

    /** Bytes of activations that a step takes from one token. */
    int activationBytes();

    /** Bytes after the steps of a group, read by {@link #finish}. */
    int tailBytes();

    /** How the rows of a group and the tokens are shared out over registers. */
    Tile tile();

    /** Loads what stays in registers, once. */
    void prepare(Assembler a);

    /**
     * One step.
     *
     * @param firstPart the first of the parts of a group that this pass works on
     * @param sums running sums, part by part, in each part token by token
     */
    void step(Assembler a, int firstPart, Vec[][] sums);

    /** What is done to the sums at the end; the weights' register points behind the last step. */
    void finish(Assembler a, int firstPart, Vec[][] sums);

    /** Data behind the code. */
    void data(Assembler a);

    /**
     * The share of a pass.
     *
     * @param parts vectors' worth of rows in a pass
     * @param shared how many of them use a broadcast activation together
     * @param tokens tokens in a pass
     */
    record Tile(int parts, int shared, int tokens) {}
}
