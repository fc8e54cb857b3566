package dev.slipway.engine.kernel.x86;

/** What of the processor's vector instructions kernels may use, from the least to the most. */
public enum Level {
    /** AVX2 with FMA and F16C: 256 bits; bytes are multiplied in two steps. */
    AVX2("avx2", 256),
    /** The same with one instruction for products of bytes. */
    AVX_VNNI("avx-vnni", 256),
    /** AVX-512 F, BW and VL with VNNI. */
    AVX512_VNNI("avx512", 512);

    private final String label;
    private final int bits;

    Level(String label, int bits) {
        this.label = label;
        this.bits = bits;
    }

    /** As people write it. */
    public String label() {
        return label;
    }

    /** Bits of a vector. */
    public int bits() {
        return bits;
    }

    /** Floats in a vector. */
    int lanes() {
        return bits / Float.SIZE;
    }

    /** Whether bytes are multiplied and added up in one step. */
    boolean dotsBytes() {
        return this != AVX2;
    }
}
