package dev.slipway.oracle.libllama;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** Reads and writes the fields of C structures by name. */
final class Fields {
    private Fields() {}

    private static long offset(StructLayout layout, String field) {
        return layout.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }

    static int whole(StructLayout layout, MemorySegment struct, String field) {
        return struct.get(ValueLayout.JAVA_INT, offset(layout, field));
    }

    static void whole(StructLayout layout, MemorySegment struct, String field, int value) {
        struct.set(ValueLayout.JAVA_INT, offset(layout, field), value);
    }

    static void truth(StructLayout layout, MemorySegment struct, String field, boolean value) {
        struct.set(ValueLayout.JAVA_BOOLEAN, offset(layout, field), value);
    }

    static void pointer(StructLayout layout, MemorySegment struct, String field, MemorySegment value) {
        struct.set(ValueLayout.ADDRESS, offset(layout, field), value);
    }
}
