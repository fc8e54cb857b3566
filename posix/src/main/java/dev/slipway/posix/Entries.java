package dev.slipway.posix;

import java.lang.foreign.ValueLayout;
import java.util.List;

/** Reads {@code struct linux_dirent64}: inode, offset, length of the record, type, name with a zero behind. */
final class Entries {
    private static final int LENGTH_AT = 16;
    private static final int NAME_AT = 19;

    private Entries() {}

    static void read(Scratch scratch, int length, List<String> names) {
        int at = 0;
        while (at < length) {
            int record = scratch.buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + LENGTH_AT) & 0xffff;
            int end = at + NAME_AT;
            while (scratch.buffer.get(ValueLayout.JAVA_BYTE, end) != 0) {
                end++;
            }
            String name = scratch.text(at + NAME_AT, end - at - NAME_AT);
            if (!name.equals(".") && !name.equals("..")) {
                names.add(name);
            }
            at += record;
        }
    }
}
