package dev.slipway.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Native memory for the arguments of one call at a time: where errno goes, two names, a structure and a buffer.
 *
 * <p>A few of them are kept and lent to whichever thread asks, so that calls allocate nothing; virtual threads may be many,
 * which is why they are not kept for each thread.
 */
final class Scratch implements AutoCloseable {
    /** The longest path or link target that Linux takes, with its end. */
    static final int MAX_NAME = 4096;

    static final int BUFFER = 1 << 17;

    private static final int STRUCT_SIZE = 256;
    private static final int ERRNO_SIZE = 64;
    private static final int SLOTS = 16;
    private static final AtomicReferenceArray<Scratch> KEPT = new AtomicReferenceArray<>(SLOTS);

    final MemorySegment errno;
    final MemorySegment first;
    final MemorySegment second;
    final MemorySegment struct;
    final MemorySegment buffer;

    private Scratch() {
        MemorySegment memory = Arena.ofAuto().allocate(ERRNO_SIZE + 2L * MAX_NAME + STRUCT_SIZE + BUFFER, 64);
        errno = memory.asSlice(0, ERRNO_SIZE);
        first = memory.asSlice(ERRNO_SIZE, MAX_NAME);
        second = memory.asSlice(ERRNO_SIZE + MAX_NAME, MAX_NAME);
        struct = memory.asSlice(ERRNO_SIZE + 2L * MAX_NAME, STRUCT_SIZE);
        buffer = memory.asSlice(ERRNO_SIZE + 2L * MAX_NAME + STRUCT_SIZE, BUFFER);
    }

    static Scratch take() {
        Scratch kept = KEPT.getAndSet(slot(), null);
        return kept == null ? new Scratch() : kept;
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & (SLOTS - 1);
    }

    @Override
    public void close() {
        KEPT.set(slot(), this);
    }

    /** Writes a name of one component, and gives its address. */
    long name(String bytes) {
        requireOneName(bytes);
        return text(first, bytes);
    }

    /** Writes a second name of one component, and gives its address. */
    long secondName(String bytes) {
        requireOneName(bytes);
        return text(second, bytes);
    }

    private static void requireOneName(String bytes) {
        if (bytes.isEmpty() || bytes.equals(".") || bytes.equals("..") || bytes.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not the name of one file: '" + bytes + "'");
        }
    }

    /** Writes any text of bytes with a zero behind it, and gives its address. */
    static long text(MemorySegment place, String bytes) {
        int length = bytes.length();
        if (length >= MAX_NAME) {
            throw new IllegalArgumentException("a name of " + length + " bytes");
        }
        for (int i = 0; i < length; i++) {
            char letter = bytes.charAt(i);
            if (letter == 0 || letter > 0xff) {
                throw new IllegalArgumentException("a name with the char " + (int) letter);
            }
        }
        place.setString(0, bytes, StandardCharsets.ISO_8859_1);
        return place.address();
    }

    /** Reads bytes from the start of the buffer as a name. */
    String text(long offset, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The first bytes of the buffer. */
    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, length);
        return bytes;
    }
}
