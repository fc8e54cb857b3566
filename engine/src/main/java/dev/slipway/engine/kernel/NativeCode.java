package dev.slipway.engine.kernel;

import dev.slipway.posix.ExecutableMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls into emitted code. Calls are critical: they cost two nanoseconds, take arrays as they lie in the heap, and hold
 * garbage collection up while they run, so each is kept below a millisecond.
 *
 * <p>Code trusts its arguments; whoever calls proves them first by slicing segments to what will be touched.
 */
@SuppressWarnings("restricted") // What this class is for.
final class NativeCode {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;

    private static final MethodHandle PRODUCT =
            handle(FunctionDescriptor.ofVoid(POINTER, POINTER, POINTER, LONG, LONG, LONG, LONG));
    private static final MethodHandle QUANTISE = handle(FunctionDescriptor.ofVoid(POINTER, POINTER, LONG, LONG));

    private static final MethodHandle VECTOR = handle(FunctionDescriptor.ofVoid(POINTER, POINTER, POINTER, LONG, LONG));

    private static final MethodHandle ATTEND =
            handle(FunctionDescriptor.ofVoid(POINTER, POINTER, POINTER, POINTER, LONG, LONG, POINTER));

    private NativeCode() {}

    private static MethodHandle handle(FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(descriptor, Linker.Option.critical(true));
    }

    /** Makes code executable; it stays until nobody refers to it any more. */
    static MemorySegment load(byte[] code) {
        return ExecutableMemory.of(code, Arena.ofAuto());
    }

    /** See {@link dev.slipway.engine.kernel.x86.ProductCode}. */
    static void product(
            MemorySegment code,
            MemorySegment weights,
            MemorySegment x,
            MemorySegment y,
            int steps,
            int groups,
            long stride,
            int tiles) {
        try {
            PRODUCT.invokeExact(code, weights, x, y, (long) steps, (long) groups, stride, (long) tiles);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** See {@link dev.slipway.engine.kernel.x86.QuantiseCode}. */
    static void quantise(MemorySegment code, MemorySegment floats, MemorySegment blocks, int count, int stride) {
        try {
            QUANTISE.invokeExact(code, floats, blocks, (long) count, (long) stride);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** See {@link dev.slipway.engine.kernel.x86.VectorCode}. */
    static void vector(
            MemorySegment code, MemorySegment first, MemorySegment second, MemorySegment third, long count, long last) {
        try {
            VECTOR.invokeExact(code, first, second, third, count, last);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * See {@link dev.slipway.engine.kernel.x86.AttentionCode}.
     *
     * @param alive memory that must not be given back before the call has ended
     */
    static void attend(
            MemorySegment code,
            MemorySegment pages,
            MemorySegment queries,
            MemorySegment states,
            MemorySegment ranges,
            int pageCount,
            int tileCount,
            MemorySegment alive) {
        try {
            ATTEND.invokeExact(code, pages, queries, states, ranges, (long) pageCount, (long) tileCount, alive);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** The handles declare that they throw anything; they throw nothing checked. */
    static RuntimeException rethrow(Throwable e) {
        return switch (e) {
            case Error error -> throw error;
            case RuntimeException unchecked -> unchecked;
            default -> throw new AssertionError(e);
        };
    }
}
