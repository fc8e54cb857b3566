package dev.slipway.engine.kernel.x86;

/**
 * The vector instructions that the kernels use. The same numbers serve VEX and EVEX encoding, which differ in the names
 * of a few integer operations only ({@code vpand}, {@code vpandd}).
 *
 * @see <a href="https://www.intel.com/sdm">Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2</a>
 */
enum VectorOp {
    LOAD("vmovups", 1, 0, 0x10, Tuple.FULL_MEMORY),
    STORE("vmovups", 1, 0, 0x11, Tuple.FULL_MEMORY),
    LOAD_ONE("vmovss", 1, 2, 0x10, Tuple.ONE),
    STORE_ONE("vmovss", 1, 2, 0x11, Tuple.ONE),
    BROADCAST_FLOAT("vbroadcastss", 2, 1, 0x18, Tuple.ONE),
    BROADCAST_INT("vpbroadcastd", 2, 1, 0x58, Tuple.ONE),
    BROADCAST_SHORT("vpbroadcastw", 2, 1, 0x79, Tuple.ONE_SHORT),
    BROADCAST_16_BYTES("vbroadcasti128", 2, 1, 0x5A, Tuple.FOUR),
    MOVE_FROM_GPR("vmovd", 1, 1, 0x6E, Tuple.ONE),
    FMA("vfmadd231ps", 2, 1, 0xB8, Tuple.FULL),
    MULTIPLY_THEN_ADD("vfmadd213ps", 2, 1, 0xA8, Tuple.FULL),
    ADD("vaddps", 1, 0, 0x58, Tuple.FULL),
    MULTIPLY("vmulps", 1, 0, 0x59, Tuple.FULL),
    SUBTRACT("vsubps", 1, 0, 0x5C, Tuple.FULL),
    MINIMUM("vminps", 1, 0, 0x5D, Tuple.FULL),
    DIVIDE("vdivps", 1, 0, 0x5E, Tuple.FULL),
    MAXIMUM("vmaxps", 1, 0, 0x5F, Tuple.FULL),
    AND("vpand", 1, 1, 0xDB, Tuple.FULL),
    AND_NOT("vpandn", 1, 1, 0xDF, Tuple.FULL),
    OR("vpor", 1, 1, 0xEB, Tuple.FULL),
    XOR("vpxor", 1, 1, 0xEF, Tuple.FULL),
    ADD_INT("vpaddd", 1, 1, 0xFE, Tuple.FULL),
    SUBTRACT_INT("vpsubd", 1, 1, 0xFA, Tuple.FULL),
    ADD_SHORTS("vpaddw", 1, 1, 0xFD, Tuple.FULL_MEMORY),
    SUBTRACT_SHORTS("vpsubw", 1, 1, 0xF9, Tuple.FULL_MEMORY),
    INT_TO_FLOAT("vcvtdq2ps", 1, 0, 0x5B, Tuple.FULL),
    FLOAT_TO_INT("vcvtps2dq", 1, 1, 0x5B, Tuple.FULL),
    MAXIMUM_INT("vpmaxsd", 2, 1, 0x3D, Tuple.FULL),
    HALF_TO_FLOAT("vcvtph2ps", 2, 1, 0x13, Tuple.HALF_MEMORY),
    FLOAT_TO_HALF("vcvtps2ph", 3, 1, 0x1D, Tuple.HALF_MEMORY),
    WIDEN_BYTE_SIGNED("vpmovsxbd", 2, 1, 0x21, Tuple.QUARTER_MEMORY),
    WIDEN_SHORT("vpmovzxwd", 2, 1, 0x33, Tuple.HALF_MEMORY),
    SHUFFLE_BYTES("vpshufb", 2, 1, 0x00, Tuple.FULL_MEMORY),
    DOT_BYTES("vpdpbusd", 2, 1, 0x50, Tuple.FULL),
    MULTIPLY_ADD_BYTES("vpmaddubsw", 2, 1, 0x04, Tuple.FULL_MEMORY),
    MULTIPLY_ADD_SHORTS("vpmaddwd", 1, 1, 0xF5, Tuple.FULL_MEMORY),
    SIGN_BYTES("vpsignb", 2, 1, 0x08, Tuple.FULL_MEMORY),
    ABSOLUTE_BYTES("vpabsb", 2, 1, 0x1C, Tuple.FULL_MEMORY),
    PACK_INTS("vpackssdw", 1, 1, 0x6B, Tuple.FULL),
    PACK_SHORTS("vpacksswb", 1, 1, 0x63, Tuple.FULL_MEMORY),
    INTS_TO_BYTES("vpmovsdb", 2, 2, 0x21, Tuple.QUARTER_MEMORY),
    TERNARY("vpternlogd", 3, 1, 0x25, Tuple.FULL),
    PERMUTE_IN_128("vpermilps", 3, 1, 0x04, Tuple.FULL),
    EXTRACT_128("vextractf128", 3, 1, 0x19, Tuple.FOUR),
    EXTRACT_256("vextracti64x4", 3, 1, 0x3B, Tuple.EIGHT),
    SHIFT_SHORTS("vpsrlw/vpsraw/vpsllw", 1, 1, 0x71, Tuple.FULL_MEMORY),
    SHIFT_INTS("vpsrad/vpslld", 1, 1, 0x72, Tuple.FULL);

    /** How large a memory operand is, which scales short displacements under EVEX. */
    enum Tuple {
        FULL,
        FULL_MEMORY,
        HALF_MEMORY,
        QUARTER_MEMORY,
        EIGHT,
        FOUR,
        ONE,
        ONE_SHORT;

        int bytes(int vectorBytes, boolean broadcast) {
            return switch (this) {
                case FULL -> broadcast ? 4 : vectorBytes;
                case FULL_MEMORY -> vectorBytes;
                case HALF_MEMORY -> vectorBytes / 2;
                case QUARTER_MEMORY -> vectorBytes / 4;
                case EIGHT -> 32;
                case FOUR -> 16;
                case ONE -> 4;
                case ONE_SHORT -> 2;
            };
        }
    }

    final String mnemonic;
    /** The opcode map: 1 is 0F, 2 is 0F 38, 3 is 0F 3A. */
    final int map;
    /** The implied prefix: 0 is none, 1 is 66, 2 is F3, 3 is F2. */
    final int prefix;

    final int opcode;
    final Tuple tuple;

    VectorOp(String mnemonic, int map, int prefix, int opcode, Tuple tuple) {
        this.mnemonic = mnemonic;
        this.map = map;
        this.prefix = prefix;
        this.opcode = opcode;
        this.tuple = tuple;
    }

    /** Whether EVEX sets the bit for 64-bit elements. */
    boolean wide() {
        return this == EXTRACT_256;
    }

    /** Whether only EVEX encodes this. */
    boolean needsEvex() {
        return this == EXTRACT_256 || this == INTS_TO_BYTES || this == TERNARY;
    }
}
