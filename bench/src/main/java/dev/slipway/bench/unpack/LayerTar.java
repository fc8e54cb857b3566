package dev.slipway.bench.unpack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes entries as Docker does: ustar headers, with a pax header before those whose names or attributes do not fit. It is
 * written apart from the product's own writer so that a mistake there cannot hide itself.
 */
final class LayerTar {
    private static final int BLOCK = 512;

    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];

    LayerTar(OutputStream out) {
        this.out = out;
    }

    void write(Entry entry) throws IOException {
        String name = entry.type() == '5' ? entry.path() + "/" : entry.path();
        Map<String, byte[]> records = new LinkedHashMap<>();
        entry.xattrs().forEach((key, value) -> records.put("SCHILY.xattr." + key, value));
        if (name.length() > 100) {
            records.put("path", name.getBytes(StandardCharsets.UTF_8));
        }
        if (entry.link().length() > 100) {
            records.put("linkpath", entry.link().getBytes(StandardCharsets.UTF_8));
        }
        if (!records.isEmpty()) {
            byte[] body = pax(records);
            header("PaxHeaders.0/entry", 'x', Entry.file("", 0644, 0, 0, body.length, 0));
            out.write(body);
            pad(body.length);
        }
        header(name, entry.type(), entry);
        content(entry);
    }

    void end() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void content(Entry entry) throws IOException {
        LibraryBytes source = new LibraryBytes(entry.seed());
        for (long left = entry.size(); left > 0; ) {
            int count = (int) Math.min(left, buffer.length);
            source.fill(buffer, count);
            out.write(buffer, 0, count);
            left -= count;
        }
        pad(entry.size());
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    private static byte[] pax(Map<String, byte[]> records) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        records.forEach((key, value) -> {
            byte[] head = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
            int rest = head.length + value.length + 1;
            int length = rest + Integer.toString(rest).length();
            // One more digit may make the number itself longer.
            length = rest + Integer.toString(length).length();
            body.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(head);
            body.writeBytes(value);
            body.write('\n');
        });
        return body.toByteArray();
    }

    private void header(String name, char type, Entry entry) throws IOException {
        byte[] block = new byte[BLOCK];
        text(block, 0, 100, name);
        octal(block, 100, 8, entry.mode());
        octal(block, 108, 8, entry.owner());
        octal(block, 116, 8, entry.owner());
        octal(block, 124, 12, entry.size());
        octal(block, 136, 12, entry.modified());
        block[156] = (byte) type;
        text(block, 157, 100, entry.link());
        text(block, 257, 5, "ustar");
        text(block, 263, 2, "00");
        octal(block, 329, 8, 0);
        octal(block, 337, 8, 0);
        text(block, 148, 8, "        ");
        int sum = 0;
        for (byte value : block) {
            sum += value & 0xff;
        }
        octal(block, 148, 7, sum);
        out.write(block);
    }

    private static void text(byte[] block, int at, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, Math.min(bytes.length, length));
    }

    private static void octal(byte[] block, int at, int length, long value) {
        String digits = Long.toOctalString(value);
        text(block, at, length - 1, "0".repeat(length - 1 - digits.length()) + digits);
        block[at + length - 1] = 0;
    }
}
