package dev.slipway.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/**
 * An open file or directory. What is done through a handle is done to this very file, whatever its name has come to mean.
 *
 * <p>Not for several threads at once: a handle that one thread closes while another uses it may act on an unrelated file.
 */
public abstract sealed class Handle implements AutoCloseable permits DirectoryHandle, FileHandle {
    private int descriptor;

    Handle(int descriptor) {
        this.descriptor = descriptor;
    }

    final int descriptor() {
        return descriptor;
    }

    final long require(Scratch scratch, SystemCall call, long b, long c, long d, long e) throws PosixException {
        return Kernel.require(scratch, call, "", descriptor, b, c, d, e);
    }

    /** What the system knows about it. */
    public final FileStatus status() throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long empty = Scratch.text(scratch.first, "");
            require(
                    scratch,
                    SystemCall.STATX,
                    empty,
                    Flags.AT_EMPTY_PATH,
                    Flags.STATX_BASIC_STATS,
                    scratch.struct.address());
            return FileStatus.of(scratch.struct);
        }
    }

    /** Gives it to a user and a group; takes set-id bits and capabilities away. */
    public final void owner(long uid, long gid) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.FCHOWN, uid, gid, 0, 0);
        }
    }

    /** Sets permission bits with set-user-id, set-group-id and sticky. */
    public final void mode(int mode) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.FCHMOD, mode, 0, 0, 0);
        }
    }

    /** Sets the time of the last change, and leaves the time of the last use. */
    public final void modified(Instant time) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.UTIMENSAT, 0, times(scratch, time), 0, 0);
        }
    }

    static long times(Scratch scratch, Instant modified) {
        MemorySegment times = scratch.struct;
        times.set(ValueLayout.JAVA_LONG, 0, 0);
        times.set(ValueLayout.JAVA_LONG, 8, Flags.UTIME_OMIT);
        times.set(ValueLayout.JAVA_LONG, 16, modified.getEpochSecond());
        times.set(ValueLayout.JAVA_LONG, 24, modified.getNano());
        return times.address();
    }

    /**
     * Sets an extended attribute.
     *
     * @param name in full, such as {@code user.note}
     */
    public final void xattr(String name, byte[] value) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long address = Scratch.text(scratch.first, name);
            Kernel.require(
                    scratch,
                    SystemCall.FSETXATTR,
                    name,
                    descriptor,
                    address,
                    value(scratch, name, value),
                    value.length,
                    0);
        }
    }

    static long value(Scratch scratch, String name, byte[] value) throws PosixException {
        if (value.length > Scratch.BUFFER) {
            // More than Linux takes in any case.
            throw new PosixException(SystemCall.FSETXATTR, name, Errno.RANGE.number());
        }
        MemorySegment.copy(value, 0, scratch.buffer, ValueLayout.JAVA_BYTE, 0, value.length);
        return scratch.buffer.address();
    }

    /** Takes an extended attribute away; says whether there was one. */
    public final boolean removeXattr(String name) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long address = Scratch.text(scratch.first, name);
            long answer = Kernel.call(scratch, SystemCall.FREMOVEXATTR, descriptor, address, 0, 0, 0);
            if (answer == 0) {
                return true;
            }
            PosixException failure = new PosixException(SystemCall.FREMOVEXATTR, name, (int) -answer);
            if (failure.errno() == Errno.NODATA || failure.errno() == Errno.OPNOTSUPP) {
                return false;
            }
            throw failure;
        }
    }

    /** Makes its bytes and attributes, or the names in it, durable. */
    public final void sync() throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.FSYNC, 0, 0, 0, 0);
        }
    }

    /** Makes everything durable that was written to the file system which it lies on. */
    public final void syncFileSystem() throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.SYNCFS, 0, 0, 0, 0);
        }
    }

    /**
     * Takes the lock on it that only one holder can have, until the handle is closed or the process ends.
     *
     * @return false when another handle, of this process or another, holds it or a shared one
     */
    public final boolean tryLock() throws IOException {
        return tryLock(Flags.LOCK_EX);
    }

    /** Like {@link #tryLock}, for a lock that many can have as long as nobody has it alone. */
    public final boolean tryLockShared() throws IOException {
        return tryLock(Flags.LOCK_SH);
    }

    private boolean tryLock(int kind) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long answer = Kernel.call(scratch, SystemCall.FLOCK, descriptor, kind | Flags.LOCK_NB, 0, 0, 0);
            if (answer == 0) {
                return true;
            }
            PosixException failure = new PosixException(SystemCall.FLOCK, "", (int) -answer);
            if (failure.errno() == Errno.AGAIN) {
                return false;
            }
            throw failure;
        }
    }

    /** Closes it; what the system says then about bytes written before is passed on. */
    @Override
    public final void close() throws IOException {
        if (descriptor < 0) {
            return;
        }
        int closing = descriptor;
        descriptor = -1;
        try (Scratch scratch = Scratch.take()) {
            Kernel.require(scratch, SystemCall.CLOSE, "", closing, 0, 0, 0, 0);
        }
    }
}
