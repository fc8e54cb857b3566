package dev.slipway.engine.kernel;

import dev.slipway.base.CodedException;
import dev.slipway.engine.kernel.x86.CpuCode;
import dev.slipway.engine.kernel.x86.Level;
import dev.slipway.posix.ExecutableMemory;
import dev.slipway.posix.Posix;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

/**
 * What this host's processor can run of emitted code; asked by emitted code.
 *
 * @param levels empty where emitted code cannot run
 * @param obstacle why it cannot, or nothing
 */
@SuppressWarnings("restricted") // The processor is asked by native code.
record Processor(Set<Level> levels, String obstacle) {
    private static final FunctionDescriptor CPUID =
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private static final FunctionDescriptor XGETBV = FunctionDescriptor.ofVoid(ValueLayout.ADDRESS);

    /** Asks. Another instruction set gets its own emitter and its own question here. */
    static Processor ask() {
        String architecture = System.getProperty("os.arch");
        if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
            return without("there is no emitter for " + architecture);
        }
        try {
            if (!Posix.isAvailable()) {
                return without("there are no system calls, for " + Posix.whyNot());
            }
            Set<Level> levels = askForLevels();
            return levels.isEmpty()
                    ? without("the processor or the operating system lacks AVX2, FMA or F16C")
                    : new Processor(levels, "");
        } catch (CodedException e) {
            return without(e.getMessage());
        } catch (IllegalCallerException | LinkageError e) {
            return without("Java allows no native calls here; --enable-native-access would");
        }
    }

    private static Processor without(String obstacle) {
        return new Processor(Set.of(), obstacle);
    }

    private static Set<Level> askForLevels() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = ExecutableMemory.of(CpuCode.cpuid(), arena);
            int most = leaf(code, arena, 0, 0)[0];
            int leaf1Ecx = leaf(code, arena, 1, 0)[2];
            if (!CpuCode.canAskForState(leaf1Ecx)) {
                return Set.of();
            }
            int[] leaf7 = most >= 7 ? leaf(code, arena, 7, 0) : new int[4];
            int leaf71Eax = leaf7[0] >= 1 ? leaf(code, arena, 7, 1)[0] : 0;
            return CpuCode.levels(leaf1Ecx, state(arena), leaf7[1], leaf7[2], leaf71Eax);
        }
    }

    private static int[] leaf(MemorySegment code, Arena arena, int leaf, int subleaf) {
        MemorySegment answer = arena.allocate(ValueLayout.JAVA_INT, 4);
        try {
            Linker.nativeLinker().downcallHandle(code, CPUID).invokeExact(leaf, subleaf, answer);
        } catch (Throwable e) {
            throw NativeCode.rethrow(e);
        }
        return answer.toArray(ValueLayout.JAVA_INT);
    }

    private static int state(Arena arena) {
        MemorySegment answer = arena.allocate(ValueLayout.JAVA_INT, 2);
        try {
            Linker.nativeLinker()
                    .downcallHandle(ExecutableMemory.of(CpuCode.xgetbv(), arena), XGETBV)
                    .invokeExact(answer);
        } catch (Throwable e) {
            throw NativeCode.rethrow(e);
        }
        return answer.get(ValueLayout.JAVA_INT, 0);
    }
}
