package dev.slipway.posix;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The calls about pages of memory, as Linux numbers their arguments on x86-64 and aarch64. */
@SuppressWarnings("restricted") // What this class is for.
final class MemoryCalls {
    static final int READ = 1;
    static final int WRITE = 2;
    static final int EXECUTE = 4;

    /** Ask for pages of two megabytes. */
    static final int HUGE_PAGES = 14;

    private static final int PRIVATE_ANONYMOUS = 0x02 | 0x20;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final MethodHandle MMAP =
            call("mmap", FunctionDescriptor.of(POINTER, POINTER, LONG, INT, INT, INT, LONG));
    private static final MethodHandle MUNMAP = call("munmap", FunctionDescriptor.of(INT, POINTER, LONG));
    private static final MethodHandle MPROTECT = call("mprotect", FunctionDescriptor.of(INT, POINTER, LONG, INT));
    private static final MethodHandle MADVISE = call("madvise", FunctionDescriptor.of(INT, POINTER, LONG, INT));

    private MemoryCalls() {}

    private static MethodHandle call(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** Whether the numbers here are this host's. */
    static boolean known() {
        return System.getProperty("os.name").equals("Linux");
    }

    /** New pages of zeros that can be read and written; unmapped when the arena is closed. */
    static MemorySegment map(long bytes, Arena arena) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment state = local.allocate(STATE);
            MemorySegment start = (MemorySegment)
                    MMAP.invokeExact(state, MemorySegment.NULL, bytes, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            if (start.address() == -1) {
                throw refused("map " + bytes + " bytes of memory", state);
            }
            return start.reinterpret(bytes, arena, MemoryCalls::unmap);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static void unmap(MemorySegment pages) {
        try (Arena local = Arena.ofConfined()) {
            int ignored = (int) MUNMAP.invokeExact(local.allocate(STATE), pages, pages.byteSize());
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void protect(MemorySegment pages, int rights) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment state = local.allocate(STATE);
            if ((int) MPROTECT.invokeExact(state, pages, pages.byteSize(), rights) != 0) {
                throw refused("change the rights of " + pages.byteSize() + " bytes of memory", state);
            }
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Gives a hint; whether the host takes it makes no difference to results. */
    static void advise(MemorySegment pages, int advice) {
        try (Arena local = Arena.ofConfined()) {
            int ignored = (int) MADVISE.invokeExact(local.allocate(STATE), pages, pages.byteSize(), advice);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static MemoryRefusedException refused(String what, MemorySegment state) {
        return new MemoryRefusedException(what, (int) ERRNO.get(state, 0L));
    }

    /** The handles declare that they throw anything; they throw nothing checked. */
    private static RuntimeException rethrow(Throwable e) {
        return switch (e) {
            case Error error -> throw error;
            case RuntimeException unchecked -> unchecked;
            default -> throw new AssertionError(e);
        };
    }
}
