package dev.slipway.posix.isal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;

/** Inflates a raw deflate stream (RFC 1951) from direct buffer to direct buffer. For one thread at a time. */
public final class IsalInflater implements AutoCloseable {
    // struct inflate_state of igzip_lib.h, as it has been since version 2.19; the library's sample run proves it.
    private static final long NEXT_OUT = 0;
    private static final long AVAILABLE_OUT = 8;
    private static final long NEXT_IN = 16;
    private static final long AVAILABLE_IN = 32;
    private static final long BITS_READ_AHEAD = 36;
    private static final long BLOCK_STATE = 21_160;
    /** More than the structure has in any version. */
    private static final long STATE_SIZE = 1 << 18;

    private static final long STATE_ALIGNMENT = 64;
    private static final int FINISHED = 5;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(STATE_SIZE, STATE_ALIGNMENT);
    private final MethodHandle init;
    private final MethodHandle inflate;

    IsalInflater(MethodHandle init, MethodHandle inflate) {
        this.init = init;
        this.inflate = inflate;
        reset();
    }

    /** Makes ready for another stream. */
    public void reset() {
        try {
            init.invokeExact(state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Inflates as much as there is input and space for, and moves the positions of both buffers.
     *
     * <p>More input may be given once this leaves space in {@code out}, not before. At the end of the stream the input's
     * position is set behind the stream's last byte, which may be up to 8 bytes before where it was when this was called.
     *
     * @return whether the stream has ended
     */
    public boolean inflate(ByteBuffer in, ByteBuffer out) throws DataFormatException {
        state.set(ValueLayout.ADDRESS, NEXT_IN, MemorySegment.ofBuffer(in));
        state.set(ValueLayout.JAVA_INT, AVAILABLE_IN, in.remaining());
        state.set(ValueLayout.ADDRESS, NEXT_OUT, MemorySegment.ofBuffer(out));
        state.set(ValueLayout.JAVA_INT, AVAILABLE_OUT, out.remaining());
        int result = call();
        if (result < 0) {
            throw new DataFormatException("its data are malformed (" + result + ")");
        }
        out.position(out.limit() - state.get(ValueLayout.JAVA_INT, AVAILABLE_OUT));
        in.position(in.limit() - state.get(ValueLayout.JAVA_INT, AVAILABLE_IN));
        boolean ended = state.get(ValueLayout.JAVA_INT, BLOCK_STATE) == FINISHED;
        if (ended) {
            in.position(in.position() - state.get(ValueLayout.JAVA_INT, BITS_READ_AHEAD) / Byte.SIZE);
        }
        return ended;
    }

    private int call() {
        try {
            return (int) inflate.invokeExact(state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a foreign call without upcalls throws nothing", e);
    }

    @Override
    public void close() {
        arena.close();
    }
}
