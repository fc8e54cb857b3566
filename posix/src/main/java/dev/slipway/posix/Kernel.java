package dev.slipway.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The one way into the kernel: libc's {@code syscall}, which every libc has. So there is a single native function to link,
 * which keeps the first call cheap, and nothing depends on which wrappers a libc knows.
 */
final class Kernel {
    private static final String SWITCH = "slipway.posix";
    private static final int EINTR = 4;
    private static final long ERRNO_OFFSET =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** Why there are no system calls here; empty when there are. */
    static final String CANNOT;

    private static final @Nullable MethodHandle SYSCALL;

    static {
        MethodHandle handle = null;
        String cannot = "";
        try {
            cannot = host();
            if (cannot.isEmpty()) {
                handle = link();
            }
        } catch (RuntimeException | LinkageError e) {
            cannot = "native calls are not allowed here (" + e.getMessage() + ")";
        }
        SYSCALL = handle;
        CANNOT = handle == null ? cannot : refusal();
    }

    private Kernel() {}

    private static String host() {
        String os = System.getProperty("os.name", "");
        String architecture = System.getProperty("os.arch", "");
        if (System.getProperty(SWITCH, "").equals("off")) {
            return "it is switched off by -D" + SWITCH + "=off";
        }
        if (!os.equals("Linux") || !(architecture.equals("amd64") || Architecture.GENERIC)) {
            return "this is " + os + " on " + architecture + ", not Linux on amd64 or aarch64";
        }
        return "";
    }

    @SuppressWarnings("restricted") // Linking is what this class is for.
    private static MethodHandle link() {
        ValueLayout number = ValueLayout.JAVA_LONG;
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(number, number, number, number, number, number, number, number),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }

    /** Why the youngest call that nothing works without is not there: an old kernel, or a container's filter. */
    private static String refusal() {
        try (Scratch scratch = Scratch.take()) {
            long root = Scratch.text(scratch.first, "/");
            long status = scratch.struct.address();
            long answer = call(scratch, SystemCall.STATX, Flags.AT_FDCWD, root, 0, Flags.STATX_BASIC_STATS, status);
            return answer < 0
                    ? "this host refuses statx (" + Errno.of((int) -answer).text() + ")"
                    : "";
        }
    }

    /**
     * Makes a call, again when a signal interrupted it.
     *
     * @return its answer, or the negative errno
     */
    static long call(Scratch scratch, SystemCall call, long a, long b, long c, long d, long e) {
        long answer;
        do {
            answer = once(scratch.errno, call.number, a, b, c, d, e);
            // The descriptor is gone also when close was interrupted.
        } while (answer == -EINTR && call != SystemCall.CLOSE);
        return answer;
    }

    @SuppressWarnings("NullAway") // No caller gets here where there are no system calls: each needs a handle first.
    private static long once(MemorySegment errno, long number, long a, long b, long c, long d, long e) {
        try {
            long answer = (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, 0L);
            return answer == -1 ? -errno.get(ValueLayout.JAVA_INT, ERRNO_OFFSET) : answer;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Makes a call that must succeed. */
    static long require(Scratch scratch, SystemCall call, String name, long a, long b, long c, long d, long e)
            throws PosixException {
        long answer = call(scratch, call, a, b, c, d, e);
        if (answer < 0) {
            throw new PosixException(call, name, (int) -answer);
        }
        return answer;
    }
}
