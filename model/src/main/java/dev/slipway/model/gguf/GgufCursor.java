package dev.slipway.model.gguf;

import dev.slipway.model.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the plain values of a GGUF header one after another; no read goes past the end of the file. */
final class GgufCursor {
    /** Longest text taken: above any chat template, far below what would hurt. */
    static final long MAX_TEXT_BYTES = 16 << 20;

    /** Most bytes of all texts of a header together: ten times what the largest vocabularies known have. */
    static final long MAX_TEXTS_BYTES = 256 << 20;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment bytes;
    private long position;
    private long textsLeft = MAX_TEXTS_BYTES;

    GgufCursor(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    ModelException wrong(String what) {
        return ModelException.corrupt(file, what + " (at byte " + position + ")");
    }

    /** Checks that {@code count} more bytes are there. */
    void need(long count, String what) {
        if (count > remaining()) {
            throw wrong("it ends inside " + what + ": " + count + " bytes needed, " + remaining() + " left");
        }
    }

    int unsignedByte(String what) {
        need(1, what);
        return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, position++));
    }

    short shortValue(String what) {
        need(2, what);
        short value = bytes.get(SHORT, position);
        position += 2;
        return value;
    }

    int intValue(String what) {
        need(4, what);
        int value = bytes.get(INT, position);
        position += 4;
        return value;
    }

    long longValue(String what) {
        need(8, what);
        long value = bytes.get(LONG, position);
        position += 8;
        return value;
    }

    /** An unsigned 64-bit number between {@code least} and {@code most}. */
    long count(String what, long least, long most) {
        long value = longValue(what);
        if (value < least || value > most) {
            position -= 8;
            throw wrong(what + " is " + Long.toUnsignedString(value) + ", outside " + least + " to " + most);
        }
        return value;
    }

    String text(String what, long most) {
        long length = count("the length of " + what, 0, most);
        need(length, what);
        textsLeft -= length;
        if (textsLeft < 0) {
            throw wrong("its header holds more than " + MAX_TEXTS_BYTES + " bytes of text");
        }
        byte[] copy = bytes.asSlice(position, length).toArray(ValueLayout.JAVA_BYTE);
        position += length;
        return new String(copy, StandardCharsets.UTF_8);
    }
}
