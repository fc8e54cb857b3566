package dev.slipway.engine.kernel.x86;

/** What the last source of a vector instruction may be. */
sealed interface Operand {

    /** A vector register; 16 and above exist only under EVEX encoding. */
    record Vec(int number) implements Operand {
        public Vec {
            if (number < 0 || number > 31) {
                throw new IllegalArgumentException("vector register " + number);
            }
        }
    }

    /**
     * Memory at a register plus a displacement.
     *
     * @param broadcast whether one element is read and repeated in all lanes (EVEX only)
     */
    record Memory(Gpr base, int displacement, boolean broadcast) implements Operand {}

    static Memory at(Gpr base, int displacement) {
        return new Memory(base, displacement, false);
    }

    /** One 32-bit element in all lanes. */
    static Memory each(Gpr base, int displacement) {
        return new Memory(base, displacement, true);
    }
}
