package dev.slipway.it.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes tar archives byte by byte, the malformed too; knows nothing of the product's own writer. */
final class RawTar {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, String> pax = new LinkedHashMap<>();

    /** A header's fields; names hold one byte in each char. */
    record Entry(char type, String name, int mode, long uid, long gid, long time, String link, int major, int minor) {
        static Entry of(char type, String name, int mode) {
            return new Entry(type, name, mode, 0, 0, 1_600_000_000L, "", 0, 0);
        }

        Entry owner(long newUid, long newGid) {
            return new Entry(type, name, mode, newUid, newGid, time, link, major, minor);
        }

        Entry time(long newTime) {
            return new Entry(type, name, mode, uid, gid, newTime, link, major, minor);
        }

        Entry link(String newLink) {
            return new Entry(type, name, mode, uid, gid, time, newLink, major, minor);
        }

        Entry device(int newMajor, int newMinor) {
            return new Entry(type, name, mode, uid, gid, time, link, newMajor, newMinor);
        }
    }

    RawTar directory(String name) {
        return add(Entry.of('5', name, 0755), "");
    }

    RawTar file(String name, String content) {
        return add(Entry.of('0', name, 0644), content);
    }

    RawTar symbolicLink(String name, String target) {
        return add(Entry.of('2', name, 0777).link(target), "");
    }

    RawTar hardLink(String name, String target) {
        return add(Entry.of('1', name, 0644).link(target), "");
    }

    RawTar whiteout(String folder, String name) {
        return file(folder + "/.wh." + name, "");
    }

    RawTar opaque(String folder) {
        return file(folder + "/.wh..wh..opq", "");
    }

    /** A record for the next entry. */
    RawTar pax(String key, String value) {
        pax.put(key, value);
        return this;
    }

    RawTar add(Entry entry, String content) {
        if (!pax.isEmpty()) {
            byte[] records = records(pax);
            pax.clear();
            header(Entry.of('x', "pax", 0644), records.length);
            body(records);
        }
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        header(entry, bytes.length);
        body(bytes);
        return this;
    }

    /** Records that hold for the whole archive. */
    RawTar global(Map<String, String> records) {
        byte[] bytes = records(records);
        header(Entry.of('g', "pax_global_header", 0644), bytes.length);
        body(bytes);
        return this;
    }

    /** GNU's way to write a name of more than 100 bytes. */
    RawTar longName(String name) {
        byte[] bytes = (name + "\0").getBytes(StandardCharsets.ISO_8859_1);
        header(Entry.of('L', "././@LongLink", 0644), bytes.length);
        body(bytes);
        return this;
    }

    RawTar raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** The archive with its two closing blocks. */
    byte[] end() {
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    /** The archive as it is so far. */
    byte[] cut() {
        return out.toByteArray();
    }

    private static byte[] records(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        values.forEach((key, value) -> {
            int rest = key.length() + value.length() + 3;
            int length = rest + Integer.toString(rest).length();
            length = rest + Integer.toString(length).length();
            text.append(length)
                    .append(' ')
                    .append(key)
                    .append('=')
                    .append(value)
                    .append('\n');
        });
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void header(Entry entry, int size) {
        byte[] header = new byte[BLOCK];
        text(header, 0, 100, entry.name());
        octal(header, 100, 8, entry.mode());
        number(header, 108, entry.uid());
        number(header, 116, entry.gid());
        octal(header, 124, 12, size);
        octal(header, 136, 12, Math.max(0, entry.time()));
        Arrays.fill(header, 148, 156, (byte) ' ');
        header[156] = (byte) entry.type();
        text(header, 157, 100, entry.link());
        text(header, 257, 8, "ustar\00000");
        octal(header, 329, 8, entry.major());
        octal(header, 337, 8, entry.minor());
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        octal(header, 148, 7, sum);
        out.writeBytes(header);
    }

    private void body(byte[] bytes) {
        out.writeBytes(bytes);
        out.writeBytes(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
    }

    private static void text(byte[] header, int at, int room, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, header, at, Math.min(room, bytes.length));
    }

    private static void octal(byte[] header, int at, int room, long value) {
        text(header, at, room, String.format("%0" + (room - 1) + "o", value));
    }

    /** Base 256, where octal digits do not suffice. */
    private static void number(byte[] header, int at, long value) {
        if (value <= 07777777) {
            octal(header, at, 8, value);
            return;
        }
        for (int i = 0; i < 8; i++) {
            header[at + 7 - i] = (byte) (value >> (8 * i));
        }
        header[at] |= (byte) 0x80;
    }
}
