package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.Level;
import dev.slipway.engine.kernel.x86.ProbeCode;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.Optional;

/**
 * The limits of one thread on this host, measured by loops that do nothing else: what kernels are compared with. Each call
 * takes a few milliseconds and counts once; the caller repeats it and keeps the best.
 */
public final class HostProbe {
    private static final int LINE = 64;

    /** Lines of one stream in one call; a call is to stay below a millisecond. */
    private static final long CALL_LINES = 1 << 13;

    private static final long ROUNDS = 1 << 16;
    private static final MemorySegment NONE = MemorySegment.NULL;

    private final Level level;
    private final MemorySegment[] reads = new MemorySegment[ProbeCode.MOST_STREAMS];
    private final MemorySegment dots;
    private final MemorySegment multiplications;

    private HostProbe(Level level) {
        this.level = level;
        for (int streams = 1; streams <= reads.length; streams++) {
            reads[streams - 1] = NativeCode.load(ProbeCode.read(level, streams));
        }
        dots = NativeCode.load(ProbeCode.dots(level));
        multiplications = NativeCode.load(ProbeCode.multiplications(level));
    }

    /** A probe of the most that this processor can run; empty where code cannot be emitted. */
    public static Optional<HostProbe> open() {
        Processor processor = KernelProviders.processor();
        return processor.levels().isEmpty()
                ? Optional.empty()
                : Optional.of(new HostProbe(Collections.max(processor.levels())));
    }

    /** The vector instructions that are measured. */
    public Level level() {
        return level;
    }

    /**
     * Bytes read per second.
     *
     * @param streams places that are read side by side, 1 to 8
     */
    public double read(MemorySegment memory, int streams) {
        long distance = memory.byteSize() / streams / LINE * LINE;
        long start = System.nanoTime();
        for (long line = 0; line < distance / LINE; line += CALL_LINES) {
            long lines = Math.min(CALL_LINES, distance / LINE - line);
            MemorySegment from = memory.asSlice(line * LINE, (streams - 1) * distance + lines * LINE);
            NativeCode.vector(reads[streams - 1], from, NONE, NONE, lines, distance);
        }
        return 1e9 * distance * streams / (System.nanoTime() - start);
    }

    /** Operations on bytes per second; a product and its addition count as two. */
    public double byteOperations() {
        return operations(dots, true);
    }

    /** The same on f32. */
    public double floatOperations() {
        return operations(multiplications, false);
    }

    /** Operates for less than a millisecond and returns how many operations that were. */
    long operate(boolean bytes) {
        NativeCode.vector(bytes ? dots : multiplications, NONE, NONE, NONE, ROUNDS, 0);
        return ROUNDS * ProbeCode.operations(level, bytes);
    }

    private double operations(MemorySegment code, boolean bytes) {
        long start = System.nanoTime();
        NativeCode.vector(code, NONE, NONE, NONE, ROUNDS, 0);
        return 1e9 * ROUNDS * ProbeCode.operations(level, bytes) / (System.nanoTime() - start);
    }
}
