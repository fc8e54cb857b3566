package dev.slipway.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pages that hold machine code. They are written first and executable afterwards, never both at a time. */
public final class ExecutableMemory {
    private ExecutableMemory() {}

    /**
     * Puts code into pages of its own.
     *
     * @param arena the code goes when this is closed; nobody may be running it then
     * @return the code, readable and executable
     * @throws MemoryRefusedException when the host does not allow it
     * @throws UnsupportedOperationException unless {@link Posix#isAvailable}
     */
    public static MemorySegment of(byte[] code, Arena arena) {
        MemorySegment pages = MemoryCalls.map(code.length, arena);
        MemorySegment.copy(code, 0, pages, ValueLayout.JAVA_BYTE, 0, code.length);
        MemoryCalls.protect(pages, MemoryCalls.READ | MemoryCalls.EXECUTE);
        return pages.asReadOnly();
    }
}
