package dev.slipway.oci.tar;

import dev.slipway.oci.OciException;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.Extent;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes a tar archive: ustar headers, with pax records for what those cannot hold. The same entries always give the same
 * bytes.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">POSIX pax, the ustar and pax
 *     formats</a>
 */
public final class TarWriter implements AutoCloseable {
    static final int BLOCK = 512;
    static final String XATTR = "SCHILY.xattr.";

    private static final long MAX_OCTAL_SIZE = 077777777777L;
    private static final long MAX_OCTAL_ID = 07777777L;

    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];

    /** Writes to a stream, which is closed with this writer. */
    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes an entry without content. */
    public void write(TarHeader header) throws IOException {
        write(header, InputStream.nullInputStream());
    }

    /**
     * Writes an entry; of a file with holes, the content is the bytes of its extents, one after the other.
     *
     * @throws EOFException when the content is shorter than the header says
     */
    public void write(TarHeader header, InputStream content) throws IOException {
        if (!header.extents().isEmpty()) {
            writeSparse(header, header.extents(), content);
            return;
        }
        out.write(extendedHeader(header));
        out.write(block(header, header.type().flag()));
        copy(header, content);
        pad(header.size());
    }

    /**
     * Writes a file with holes, whatever its header says of them.
     *
     * @param extents where its data lie, ascending and apart
     * @param content the bytes of the extents, one after the other
     */
    public void writeSparse(TarHeader header, List<Extent> extents, InputStream content) throws IOException {
        SparseBody body = new SparseBody(header.size(), extents);
        TarHeader stored = sized(renamed(header, "GNUSparseFile.0/" + asciiTail(header.name())), body.size());
        TreeMap<String, String> extended = extended(stored);
        extended.put("GNU.sparse.major", "1");
        extended.put("GNU.sparse.minor", "0");
        extended.put("GNU.sparse.name", header.name());
        extended.put("GNU.sparse.realsize", Long.toString(header.size()));
        out.write(paxBlocks(stored, extended));
        out.write(block(stored, header.type().flag()));
        body.write(out, content, (from, count) -> copy(sized(header, count), from));
        pad(body.size());
    }

    private static TarHeader renamed(TarHeader header, String name) {
        return new TarHeader(
                name,
                header.type(),
                header.attributes(),
                header.size(),
                header.linkName(),
                header.major(),
                header.minor());
    }

    /** The blocks before an entry's header that say what it cannot hold; empty when it holds everything. */
    public static byte[] extendedHeader(TarHeader header) {
        TreeMap<String, String> extended = extended(header);
        return extended.isEmpty() ? new byte[0] : paxBlocks(header, extended);
    }

    private static byte[] paxBlocks(TarHeader header, TreeMap<String, String> extended) {
        byte[] records = records(extended);
        int padded = (records.length + BLOCK - 1) / BLOCK * BLOCK;
        byte[] blocks = Arrays.copyOf(block(paxHeader(header, records.length), 'x'), BLOCK + padded);
        System.arraycopy(records, 0, blocks, BLOCK, records.length);
        return blocks;
    }

    /**
     * An entry's header in one block, whatever its size, so that it may be written once the content is there: a size that
     * octal digits cannot hold is written in base 256, as GNU tar does. Whatever else it cannot hold stands in
     * {@link #extendedHeader}.
     */
    public static byte[] fixedHeader(TarHeader header) {
        TarHeader small = header.size() > MAX_OCTAL_SIZE ? sized(header, 0) : header;
        byte[] block = block(small, header.type().flag());
        if (header.size() > MAX_OCTAL_SIZE) {
            ByteBuffer.wrap(block, 124, 12).putInt(0x8000_0000).putLong(header.size());
            checkSum(block);
        }
        return block;
    }

    private static TarHeader sized(TarHeader header, long size) {
        return new TarHeader(
                header.name(),
                header.type(),
                header.attributes(),
                size,
                header.linkName(),
                header.major(),
                header.minor());
    }

    private void copy(TarHeader header, InputStream content) throws IOException {
        long left = header.size();
        while (left > 0) {
            int read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException(TarHeader.textOf(header.name()) + " ended " + left + " bytes early");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private static TreeMap<String, String> extended(TarHeader header) {
        TreeMap<String, String> extended = new TreeMap<>();
        Attributes attributes = header.attributes();
        if (needsRecord(header.name())) {
            extended.put("path", header.name());
        }
        if (needsRecord(header.linkName())) {
            extended.put("linkpath", header.linkName());
        }
        if (header.size() > MAX_OCTAL_SIZE) {
            extended.put("size", Long.toString(header.size()));
        }
        if (attributes.uid() > MAX_OCTAL_ID) {
            extended.put("uid", Long.toString(attributes.uid()));
        }
        if (attributes.gid() > MAX_OCTAL_ID) {
            extended.put("gid", Long.toString(attributes.gid()));
        }
        long seconds = attributes.modified().getEpochSecond();
        if (seconds < 0 || seconds > MAX_OCTAL_SIZE || attributes.modified().getNano() != 0) {
            extended.put("mtime", PaxRecords.decimal(attributes.modified()));
        }
        attributes.xattrs().forEach((name, value) -> {
            if (name.contains("=")) {
                throw OciException.invalid(
                        "oci.unsupported-file",
                        "Writing '" + TarHeader.textOf(header.name())
                                + "' to a tar archive failed: its extended attribute '" + TarHeader.textOf(name)
                                + "' has an equals sign in its name, which ends names there.");
            }
            extended.put(XATTR + name, new String(value, StandardCharsets.ISO_8859_1));
        });
        return extended;
    }

    private static boolean needsRecord(String name) {
        return name.length() > 100 || name.chars().anyMatch(letter -> letter > 0x7e || letter < 0x20);
    }

    private static TarHeader paxHeader(TarHeader header, int length) {
        return new TarHeader(
                "PaxHeaders/" + asciiTail(header.name()),
                TarType.FILE,
                Attributes.of(0644, Instant.EPOCH),
                length,
                "",
                0,
                0);
    }

    private static String asciiTail(String name) {
        String tail = name.substring(Math.max(0, name.length() - 64));
        return tail.replaceAll("[^\\x20-\\x7e]", "_");
    }

    private static byte[] records(TreeMap<String, String> extended) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (var record : extended.entrySet()) {
            String body = " " + record.getKey() + "=" + record.getValue() + "\n";
            // The length counts its own digits.
            int length = body.length() + Integer.toString(body.length()).length();
            if (Integer.toString(length).length() + body.length() != length) {
                length = Integer.toString(length).length() + body.length();
            }
            bytes.writeBytes((length + body).getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    private static byte[] block(TarHeader header, char flag) {
        byte[] block = new byte[BLOCK];
        Attributes attributes = header.attributes();
        text(block, 0, 100, header.name());
        octal(block, 100, 8, attributes.mode());
        octal(block, 108, 8, Math.min(attributes.uid(), MAX_OCTAL_ID));
        octal(block, 116, 8, Math.min(attributes.gid(), MAX_OCTAL_ID));
        octal(block, 124, 12, Math.min(header.size(), MAX_OCTAL_SIZE));
        octal(block, 136, 12, Math.clamp(attributes.modified().getEpochSecond(), 0, MAX_OCTAL_SIZE));
        block[156] = (byte) flag;
        text(block, 157, 100, header.linkName());
        text(block, 257, 8, "ustar\00000");
        octal(block, 329, 8, header.major());
        octal(block, 337, 8, header.minor());
        checkSum(block);
        return block;
    }

    private static void checkSum(byte[] block) {
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : block) {
            sum += value & 0xff;
        }
        octal(block, 148, 7, sum);
    }

    private static void text(byte[] block, int at, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, Math.min(length, bytes.length));
    }

    private static void octal(byte[] block, int at, int length, long value) {
        String digits = Long.toOctalString(value);
        String padded = "0".repeat(length - 1 - digits.length()) + digits;
        text(block, at, length - 1, padded);
        block[at + length - 1] = 0;
    }

    private void pad(long size) throws IOException {
        int rest = (int) (size % BLOCK);
        if (rest != 0) {
            out.write(new byte[BLOCK - rest]);
        }
    }

    /** Writes the end of the archive and closes the stream. */
    @Override
    public void close() throws IOException {
        try (out) {
            out.write(new byte[2 * BLOCK]);
        }
    }
}
