package dev.slipway.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An open regular file; a new one is for writing, with a place in it that writing moves on. */
public final class FileHandle extends Handle {
    FileHandle(int descriptor) {
        super(descriptor);
    }

    /** Writes all of it at the present place. */
    public void write(byte[] bytes, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, bytes.length);
        try (Scratch scratch = Scratch.take()) {
            int done = 0;
            while (done < length) {
                int part = Math.min(length - done, Scratch.BUFFER);
                MemorySegment.copy(bytes, from + done, scratch.buffer, ValueLayout.JAVA_BYTE, 0, part);
                writeFully(scratch, scratch.buffer.address(), part);
                done += part;
            }
        }
    }

    /** Writes all of a native segment at the present place, without copying it. */
    public void write(MemorySegment bytes) throws IOException {
        if (!bytes.isNative()) {
            throw new IllegalArgumentException("not native memory");
        }
        try (Scratch scratch = Scratch.take()) {
            writeFully(scratch, bytes.address(), bytes.byteSize());
        } finally {
            Reference.reachabilityFence(bytes);
        }
    }

    /** Writes what remains in a buffer at the present place, from native memory without copying it. */
    public void write(ByteBuffer bytes) throws IOException {
        if (bytes.isDirect()) {
            write(MemorySegment.ofBuffer(bytes));
            bytes.position(bytes.limit());
        } else if (bytes.hasArray()) {
            write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            write(copy, 0, copy.length);
        }
    }

    private void writeFully(Scratch scratch, long address, long length) throws PosixException {
        long done = 0;
        while (done < length) {
            done += require(scratch, SystemCall.WRITE, address + done, length - done, 0, 0);
        }
    }

    /** Writes all of it at an offset, and leaves the present place. */
    public void writeAt(long offset, byte[] bytes, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, bytes.length);
        try (Scratch scratch = Scratch.take()) {
            int done = 0;
            while (done < length) {
                int part = Math.min(length - done, Scratch.BUFFER);
                MemorySegment.copy(bytes, from + done, scratch.buffer, ValueLayout.JAVA_BYTE, 0, part);
                done += (int) require(scratch, SystemCall.PWRITE64, scratch.buffer.address(), part, offset + done, 0);
            }
        }
    }

    /** Reads at the present place; -1 at the end. */
    public int read(byte[] bytes, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        try (Scratch scratch = Scratch.take()) {
            int most = Math.min(length, Scratch.BUFFER);
            int read = (int) require(scratch, SystemCall.READ, scratch.buffer.address(), most, 0, 0);
            MemorySegment.copy(scratch.buffer, ValueLayout.JAVA_BYTE, 0, bytes, from, read);
            return read == 0 ? -1 : read;
        }
    }

    /** Goes to a place; writing behind the end leaves a hole. */
    public void position(long offset) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.LSEEK, offset, Flags.SEEK_SET, 0, 0);
        }
    }

    /** Sets the size; what is new is a hole. */
    public void size(long bytes) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.FTRUNCATE, bytes, 0, 0, 0);
        }
    }

    /**
     * Reserves space from the start without changing the size, so that a full disk shows before bytes are written.
     *
     * @return false where the file system cannot
     */
    public boolean reserve(long bytes) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long answer =
                    Kernel.call(scratch, SystemCall.FALLOCATE, descriptor(), Flags.FALLOC_FL_KEEP_SIZE, 0, bytes, 0);
            if (answer == 0) {
                return true;
            }
            PosixException failure = new PosixException(SystemCall.FALLOCATE, "", (int) -answer);
            if (failure.errno() == Errno.OPNOTSUPP || failure.errno() == Errno.NOSYS) {
                return false;
            }
            throw failure;
        }
    }

    /** Has the system begin to write a range to disk, without waiting; nothing is durable by it. */
    public void startWriting(long offset, long length) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.SYNC_FILE_RANGE, offset, length, Flags.SYNC_FILE_RANGE_WRITE, 0);
        }
    }

    /** Makes its bytes durable, and of its attributes what is needed to read them. */
    public void syncData() throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.FDATASYNC, 0, 0, 0, 0);
        }
    }
}
