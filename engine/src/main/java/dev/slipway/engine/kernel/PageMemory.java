package dev.slipway.engine.kernel;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.posix.LargeMemory;
import dev.slipway.posix.MemoryRefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where pages of the KV cache come from: memory outside the Java heap, taken from the host in larger pieces, given back
 * when this is closed. Used by one thread at a time; nobody may use a page after closing.
 */
public final class PageMemory implements AutoCloseable {
    /** What is asked for at a time: a few huge pages. */
    private static final long PIECE_BYTES = 8L << 20;

    private final PageForm form;
    private final Arena arena = Arena.ofShared();
    private final Deque<Page> fresh = new ArrayDeque<>();

    public PageMemory(PageForm form) {
        this.form = form;
    }

    public PageForm form() {
        return form;
    }

    /**
     * A page of zeros.
     *
     * @param most how many more pages the caller may come to ask for, this one included
     * @throws EngineException {@code engine.out-of-memory} when the host has no more
     */
    public Page take(long most) {
        if (fresh.isEmpty()) {
            long count = Math.clamp(PIECE_BYTES / form.bytes(), 1, Math.max(1, most));
            MemorySegment piece = allocate(count * form.bytes());
            for (long i = 0; i < count; i++) {
                fresh.add(new Page(form, piece.asSlice(i * form.bytes(), form.bytes())));
            }
        }
        return fresh.remove();
    }

    private MemorySegment allocate(long bytes) {
        try {
            return LargeMemory.allocate(bytes, arena);
        } catch (MemoryRefusedException | OutOfMemoryError e) {
            throw new EngineException(
                    "engine.out-of-memory",
                    ErrorKind.EXHAUSTED,
                    "The host refused " + bytes + " more bytes for the KV cache.",
                    "Load the model with a shorter context, fewer slots or a smaller KV cache type.",
                    e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
