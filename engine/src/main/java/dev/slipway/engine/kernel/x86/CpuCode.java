package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.RAX;
import static dev.slipway.engine.kernel.x86.Gpr.RBX;
import static dev.slipway.engine.kernel.x86.Gpr.RCX;
import static dev.slipway.engine.kernel.x86.Gpr.RDI;
import static dev.slipway.engine.kernel.x86.Gpr.RDX;
import static dev.slipway.engine.kernel.x86.Gpr.RSI;

import java.util.EnumSet;
import java.util.Set;

/**
 * Code that asks the processor what it can do, and what its answers mean.
 *
 * @see <a href="https://www.intel.com/sdm">Intel 64 and IA-32 Architectures Software Developer's Manual, CPUID and
 *     XGETBV</a>
 */
public final class CpuCode {
    private static final int OSXSAVE = 1 << 27;
    private static final int FMA = 1 << 12;
    private static final int F16C = 1 << 29;
    private static final int AVX2 = 1 << 5;
    private static final int AVX512 = 1 << 16 | 1 << 30 | 1 << 31; // F, BW, VL
    private static final int AVX512_VNNI = 1 << 11;
    private static final int AVX_VNNI = 1 << 4;

    /** Vector state that the operating system must save: SSE and AVX, then AVX-512. */
    private static final int YMM = 0x06;

    private static final int ZMM = 0xE6;

    private CpuCode() {}

    /** A function {@code (int leaf, int subleaf, int[4] eaxToEdx)}. */
    public static byte[] cpuid() {
        Assembler a = new Assembler();
        a.push(RBX);
        a.mov(R8, RDX);
        a.mov(RAX, RDI);
        a.mov(RCX, RSI);
        a.cpuid();
        a.store32(R8, 0, RAX);
        a.store32(R8, 4, RBX);
        a.store32(R8, 8, RCX);
        a.store32(R8, 12, RDX);
        a.pop(RBX);
        a.ret();
        return a.bytes();
    }

    /** A function {@code (int[2] eaxEdx)}; may be called only where {@link #canAskForState}. */
    public static byte[] xgetbv() {
        Assembler a = new Assembler();
        a.mov(R8, RDI);
        a.mov(RCX, 0);
        a.xgetbv();
        a.store32(R8, 0, RAX);
        a.store32(R8, 4, RDX);
        a.ret();
        return a.bytes();
    }

    /** Whether the operating system lets programs ask which vector state it saves. */
    public static boolean canAskForState(int leaf1Ecx) {
        return (leaf1Ecx & OSXSAVE) != 0;
    }

    /**
     * The levels that can run.
     *
     * @param leaf1Ecx CPUID leaf 1, ecx
     * @param state lower half of extended control register 0
     * @param leaf7Ebx CPUID leaf 7.0, ebx; 0 where there is no such leaf, as for the others
     * @param leaf7Ecx CPUID leaf 7.0, ecx
     * @param leaf71Eax CPUID leaf 7.1, eax
     */
    public static Set<Level> levels(int leaf1Ecx, int state, int leaf7Ebx, int leaf7Ecx, int leaf71Eax) {
        Set<Level> levels = EnumSet.noneOf(Level.class);
        if (!all(leaf1Ecx, FMA | F16C) || !all(state, YMM) || !all(leaf7Ebx, AVX2)) {
            return levels;
        }
        levels.add(Level.AVX2);
        if (all(leaf71Eax, AVX_VNNI)) {
            levels.add(Level.AVX_VNNI);
        }
        if (all(state, ZMM) && all(leaf7Ebx, AVX512) && all(leaf7Ecx, AVX512_VNNI)) {
            levels.add(Level.AVX512_VNNI);
        }
        return levels;
    }

    private static boolean all(int bits, int wanted) {
        return (bits & wanted) == wanted;
    }
}
