package dev.slipway.oracle.libllama;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A {@code llama_batch}: rows of a token, its position and its one sequence. */
final class NativeBatch {
    private final MemorySegment struct;
    private final MemorySegment tokens;
    private final MemorySegment positions;
    private final MemorySegment counts;
    private final MemorySegment sequences;
    private final MemorySegment sequencePointers;
    private final MemorySegment wanted;
    private final int room;
    private int rows;

    NativeBatch(Arena arena, int room) {
        this.room = room;
        struct = arena.allocate(Bindings.BATCH);
        tokens = arena.allocate(ValueLayout.JAVA_INT, room);
        positions = arena.allocate(ValueLayout.JAVA_INT, room);
        counts = arena.allocate(ValueLayout.JAVA_INT, room);
        sequences = arena.allocate(ValueLayout.JAVA_INT, room);
        sequencePointers = arena.allocate(ValueLayout.ADDRESS, room);
        wanted = arena.allocate(room);
        for (int i = 0; i < room; i++) {
            counts.setAtIndex(ValueLayout.JAVA_INT, i, 1);
            sequencePointers.setAtIndex(ValueLayout.ADDRESS, i, sequences.asSlice(i * 4L));
        }
        Fields.pointer(Bindings.BATCH, struct, "token", tokens);
        Fields.pointer(Bindings.BATCH, struct, "pos", positions);
        Fields.pointer(Bindings.BATCH, struct, "n_seq_id", counts);
        Fields.pointer(Bindings.BATCH, struct, "seq_id", sequencePointers);
        Fields.pointer(Bindings.BATCH, struct, "logits", wanted);
    }

    int room() {
        return room;
    }

    void empty() {
        rows = 0;
    }

    void add(int token, int position, int sequence, boolean withLogits) {
        tokens.setAtIndex(ValueLayout.JAVA_INT, rows, token);
        positions.setAtIndex(ValueLayout.JAVA_INT, rows, position);
        sequences.setAtIndex(ValueLayout.JAVA_INT, rows, sequence);
        wanted.set(ValueLayout.JAVA_BYTE, rows, (byte) (withLogits ? 1 : 0));
        rows++;
    }

    MemorySegment struct() {
        Fields.whole(Bindings.BATCH, struct, "n_tokens", rows);
        return struct;
    }
}
