package dev.slipway.oci.tar;

import dev.slipway.oci.OciException;
import dev.slipway.oci.tree.Attributes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive from a stream: v7, ustar, GNU long names, pax records. Sparse files and entries that no layer may
 * hold are refused by name rather than read wrongly.
 */
public final class TarReader {
    private static final int BLOCK = TarWriter.BLOCK;
    private static final int MAX_PAX = 1 << 20;
    private static final int MAX_LONG_NAME = 1 << 16;
    private static final long MAX_ID = 0xFFFF_FFFFL;
    private static final long MAX_SECONDS = 1L << 40;

    private final InputStream in;
    private final byte[] block = new byte[BLOCK];
    private long contentLeft;
    private long padding;
    private boolean ended;

    /** Reads from a stream, which stays open. */
    public TarReader(InputStream in) {
        this.in = in;
    }

    /**
     * Goes to the next entry, past what is left of the present one's content.
     *
     * @return empty at the end of the archive
     * @throws OciException {@code oci.invalid-tar}, {@code oci.unsupported-tar-entry}
     */
    public Optional<TarHeader> next() throws IOException {
        Map<String, String> extended = new LinkedHashMap<>();
        boolean announced = false;
        while (readBlock()) {
            char flag = (char) (block[156] & 0xff);
            long size = number(124, 12);
            if (size < 0) {
                throw invalid("an entry has a negative size");
            }
            announced = flag == 'x' || flag == 'L' || flag == 'K';
            switch (flag) {
                case 'x' -> extended.putAll(PaxRecords.parse(body(size, MAX_PAX)));
                case 'g' -> PaxRecords.parse(body(size, MAX_PAX));
                case 'L' -> extended.put("path", longName(size));
                case 'K' -> extended.put("linkpath", longName(size));
                case 'V' -> begin(size);
                default -> {
                    return Optional.of(header(flag, size, extended));
                }
            }
        }
        if (announced || !extended.isEmpty()) {
            throw invalid("it ends after an extended header");
        }
        return Optional.empty();
    }

    /** The content of the present entry; ends with it. Valid until {@link #next}. */
    public InputStream content() {
        return new Content();
    }

    private boolean readBlock() throws IOException {
        skipContent();
        if (ended || !fill()) {
            ended = true;
            return false;
        }
        if (isZero()) {
            ended = true;
            // Writers end with two; some with one, and some with none.
            if (fill() && !isZero()) {
                throw invalid("an entry follows a zero block");
            }
            return false;
        }
        checkSum();
        return true;
    }

    private boolean fill() throws IOException {
        int read = in.readNBytes(block, 0, BLOCK);
        if (read != 0 && read != BLOCK) {
            throw invalid("it is cut off inside a header");
        }
        return read == BLOCK;
    }

    private boolean isZero() {
        for (byte value : block) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private void checkSum() {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte value = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += value & 0xff;
            signed += value;
        }
        long stored = number(148, 8);
        if (stored != unsigned && stored != signed) {
            throw invalid("a header's check sum is wrong");
        }
    }

    private void skipContent() throws IOException {
        try {
            in.skipNBytes(contentLeft);
        } catch (EOFException _) {
            throw invalid("it is cut off inside an entry");
        }
        // The padding of the last entry may be missing.
        in.readNBytes((int) padding);
        contentLeft = 0;
        padding = 0;
    }

    private void begin(long size) {
        contentLeft = size;
        padding = (BLOCK - size % BLOCK) % BLOCK;
    }

    private byte[] body(long size, int limit) throws IOException {
        if (size > limit) {
            throw invalid("an extended header has " + size + " bytes, more than the " + limit + " allowed");
        }
        begin(size);
        byte[] body = in.readNBytes((int) size);
        if (body.length < size) {
            throw invalid("it is cut off inside an extended header");
        }
        contentLeft = 0;
        return body;
    }

    private String longName(long size) throws IOException {
        byte[] body = body(size, MAX_LONG_NAME);
        return text(body, 0, body.length);
    }

    private TarHeader header(char flag, long size, Map<String, String> extended) {
        for (String key : extended.keySet()) {
            if (key.startsWith("GNU.sparse.")) {
                throw unsupported("a sparse file", nameOf(extended));
            }
        }
        String name = nameOf(extended);
        boolean folder = (flag == 0 || flag == '0') && name.endsWith("/");
        TarType type = folder ? TarType.DIRECTORY : type(flag, name);
        long length = extended.containsKey("size") ? PaxRecords.number("size", extended.get("size")) : size;
        if (length < 0) {
            throw invalid("an entry has a negative size");
        }
        boolean link = type == TarType.HARD_LINK || type == TarType.SYMBOLIC_LINK;
        boolean device = type == TarType.CHARACTER_DEVICE || type == TarType.BLOCK_DEVICE;
        begin(type == TarType.FILE || folder ? length : 0);
        return new TarHeader(
                name,
                type,
                attributes(extended),
                type == TarType.FILE ? length : 0,
                link ? checkedName(extended.getOrDefault("linkpath", text(block, 157, 100))) : "",
                device ? (int) number(329, 8) : 0,
                device ? (int) number(337, 8) : 0);
    }

    private static TarType type(char flag, String name) {
        return switch (flag) {
            case 0, '0', '7' -> TarType.FILE;
            case '1' -> TarType.HARD_LINK;
            case '2' -> TarType.SYMBOLIC_LINK;
            case '3' -> TarType.CHARACTER_DEVICE;
            case '4' -> TarType.BLOCK_DEVICE;
            case '5' -> TarType.DIRECTORY;
            case '6' -> TarType.FIFO;
            case 'S' -> throw unsupported("a sparse file", name);
            default -> throw unsupported("an entry of type '" + (flag > ' ' && flag < 127 ? flag : '?') + "'", name);
        };
    }

    private String nameOf(Map<String, String> extended) {
        @Nullable String longer = extended.get("path");
        if (longer != null) {
            return checkedName(longer);
        }
        String name = text(block, 0, 100);
        boolean posix = text(block, 257, 6).equals("ustar") && block[262] == 0;
        String prefix = posix ? text(block, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String checkedName(String name) {
        if (name.length() > MAX_LONG_NAME || name.indexOf(0) >= 0) {
            throw invalid("a name is too long or holds a zero byte");
        }
        return name;
    }

    private Attributes attributes(Map<String, String> extended) {
        Map<String, byte[]> xattrs = new HashMap<>();
        extended.forEach((key, value) -> {
            if (key.startsWith(TarWriter.XATTR)) {
                xattrs.put(key.substring(TarWriter.XATTR.length()), value.getBytes(StandardCharsets.ISO_8859_1));
            }
        });
        return new Attributes(
                (int) (number(100, 8) & 07777),
                id("uid", 108, extended),
                id("gid", 116, extended),
                modified(extended),
                xattrs);
    }

    private long id(String key, int at, Map<String, String> extended) {
        @Nullable String record = extended.get(key);
        long id = record == null ? number(at, 8) : PaxRecords.number(key, record);
        if (id < 0 || id > MAX_ID) {
            throw invalid("'" + key + "' is " + id + ", out of range");
        }
        return id;
    }

    private Instant modified(Map<String, String> extended) {
        @Nullable String record = extended.get("mtime");
        if (record != null) {
            return PaxRecords.time(record);
        }
        long seconds = number(136, 12);
        if (Math.abs(seconds) > MAX_SECONDS) {
            throw invalid("a time is out of range");
        }
        return Instant.ofEpochSecond(seconds);
    }

    /** A number in octal digits, or in base 256 when the field's first bit is set (GNU). */
    private long number(int at, int length) {
        return (block[at] & 0x80) != 0 ? binary(at, length) : octal(at, length);
    }

    private long binary(int at, int length) {
        boolean negative = (block[at] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = at; i < at + length; i++) {
            int digit = i == at ? (negative ? block[i] | 0x80 : block[i] & 0x3f) & 0xff : block[i] & 0xff;
            if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
                throw invalid("a number is out of range");
            }
            value = value << 8 | digit;
        }
        return value;
    }

    private long octal(int at, int length) {
        long value = 0;
        boolean digits = false;
        for (int i = at; i < at + length; i++) {
            int letter = block[i] & 0xff;
            if (letter >= '0' && letter <= '7') {
                value = value << 3 | (letter - '0');
                digits = true;
            } else if ((letter == ' ' || letter == 0) && digits) {
                return value;
            } else if (letter != ' ' && letter != 0) {
                throw invalid("a number in a header is malformed");
            }
        }
        return value;
    }

    private static String text(byte[] bytes, int at, int length) {
        int end = at;
        while (end < at + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
    }

    private static OciException invalid(String why) {
        return OciException.corrupt("oci.invalid-tar", "Reading a tar archive failed: " + why + ".");
    }

    private static OciException unsupported(String what, String name) {
        return OciException.invalid(
                "oci.unsupported-tar-entry",
                "Reading a tar archive failed: '" + TarHeader.textOf(name) + "' is " + what
                        + ", which Slipway cannot read.");
    }

    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (contentLeft == 0) {
                return -1;
            }
            int read = in.read(buffer, from, (int) Math.min(length, contentLeft));
            if (read < 0) {
                throw invalid("it is cut off inside an entry");
            }
            contentLeft -= read;
            return read;
        }
    }
}
