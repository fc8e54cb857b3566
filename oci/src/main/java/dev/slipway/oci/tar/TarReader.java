package dev.slipway.oci.tar;

import dev.slipway.oci.OciException;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.ByteChunks;
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
 * Reads a tar archive: v7, ustar, GNU long names and numbers, pax records, sparse files. Pax records for the whole archive
 * mean nothing here. Entries that no layer may hold are refused by name rather than read wrongly.
 */
public final class TarReader {
    private static final int MAX_PAX = 1 << 20;
    private static final int MAX_LONG_NAME = 1 << 16;
    private static final int MAX_EXTENSIONS = 1000;
    private static final long MAX_ID = 0xFFFF_FFFFL;
    private static final long MAX_SECONDS = 1L << 40;

    private final TarSource source;
    private final TarBlock block = new TarBlock();
    private TarContent content;
    private long padding;
    private boolean ended;

    /** Reads from a stream, which stays open, and is read ahead: what follows the archive in it is lost. */
    public TarReader(InputStream in) {
        this(new TarSource(in));
    }

    /** Reads an archive that comes in pieces. */
    public TarReader(ByteChunks chunks) {
        this(new TarSource(chunks));
    }

    private TarReader(TarSource source) {
        this.source = source;
        this.content = new TarContent(source, 0);
    }

    /**
     * Goes to the next entry, past what is left of the present one's content.
     *
     * @return empty at the end of the archive
     * @throws OciException {@code oci.invalid-tar}, {@code oci.unsupported-tar-entry}
     */
    public Optional<TarHeader> next() throws IOException {
        Map<String, String> extended = Map.of();
        boolean announced = false;
        for (int count = 0; readBlock(); count++) {
            char flag = (char) block.flag(156);
            long size = block.number(124, 12);
            if (size < 0) {
                throw TarSource.invalid("an entry has a negative size");
            }
            if (count > MAX_EXTENSIONS) {
                throw TarSource.invalid("an entry has more than " + MAX_EXTENSIONS + " extended headers");
            }
            announced = flag == 'x' || flag == 'L' || flag == 'K';
            if (announced && extended.isEmpty()) {
                extended = new LinkedHashMap<>();
            }
            switch (flag) {
                case 'x' -> extended.putAll(PaxRecords.parse(body(size, MAX_PAX)));
                case 'g' -> PaxRecords.parse(body(size, MAX_PAX));
                case 'L' -> extended.put("path", longName(size));
                case 'K' -> extended.put("linkpath", longName(size));
                case 'V' -> begin(size, size);
                default -> {
                    return Optional.of(header(flag, size, extended));
                }
            }
        }
        if (announced || !extended.isEmpty()) {
            throw TarSource.invalid("it ends after an extended header");
        }
        return Optional.empty();
    }

    /**
     * The content of the present entry, of a sparse file its extents one after the other; ends with it. It is
     * {@link ByteChunks} too. Valid until {@link #next}.
     */
    public InputStream content() {
        return content;
    }

    /** How many bytes of the archive have been used: after {@link #next}, where the entry's content begins. */
    public long position() {
        return source.position();
    }

    private boolean readBlock() throws IOException {
        skipContent();
        if (ended || !block.read(source)) {
            ended = true;
            return false;
        }
        if (block.isZero()) {
            ended = true;
            // Writers end with two; some with one, and some with none.
            if (block.read(source) && !block.isZero()) {
                throw TarSource.invalid("an entry follows a zero block");
            }
            return false;
        }
        block.requireCheckSum();
        return true;
    }

    private void skipContent() throws IOException {
        content.skipRest();
        // The padding of the last entry may be missing.
        source.skip(padding);
        padding = 0;
    }

    /**
     * Begins an entry's content.
     *
     * @param stored how many bytes the archive has for it, some of which may have been read
     * @param left how many of them follow
     */
    private void begin(long stored, long left) {
        content = new TarContent(source, left);
        padding = (TarSource.BLOCK - stored % TarSource.BLOCK) % TarSource.BLOCK;
    }

    private byte[] body(long size, int limit) throws IOException {
        if (size > limit) {
            throw TarSource.invalid("an extended header has " + size + " bytes, more than the " + limit + " allowed");
        }
        byte[] body = new byte[(int) size];
        if (source.read(body, body.length) < size) {
            throw TarSource.invalid("it is cut off inside an extended header");
        }
        begin(size, 0);
        return body;
    }

    private String longName(long size) throws IOException {
        String name = new String(body(size, MAX_LONG_NAME), StandardCharsets.ISO_8859_1);
        int end = name.indexOf(0);
        return end < 0 ? name : name.substring(0, end);
    }

    private TarHeader header(char flag, long size, Map<String, String> extended) throws IOException {
        boolean old = flag == 'S';
        String name = name(extended);
        boolean folder = (flag == 0 || flag == '0') && name.endsWith("/");
        TarType type = folder ? TarType.DIRECTORY : type(flag, name);
        boolean link = type == TarType.HARD_LINK || type == TarType.SYMBOLIC_LINK;
        boolean device = type == TarType.CHARACTER_DEVICE || type == TarType.BLOCK_DEVICE;
        String linkName = link ? checkedName(extended.getOrDefault("linkpath", block.text(157, 100))) : "";
        Attributes attributes = attributes(extended);
        int major = device ? (int) block.number(329, 8) : 0;
        int minor = device ? (int) block.number(337, 8) : 0;
        long stored = extended.containsKey("size") ? PaxRecords.number("size", extended.get("size")) : size;
        if (stored < 0) {
            throw TarSource.invalid("an entry has a negative size");
        }
        if (type != TarType.FILE) {
            begin(folder ? stored : 0, folder ? stored : 0);
            return new TarHeader(name, type, attributes, 0, linkName, major, minor);
        }
        if (!old && !SparseMap.isIn(extended)) {
            begin(stored, stored);
            return new TarHeader(name, type, attributes, stored, "", 0, 0);
        }
        SparseMap map = old ? SparseMap.readOld(block, source) : SparseMap.read(extended, source);
        if (map.contentSize() != stored - map.prefix()) {
            throw TarSource.invalid(
                    "the map of the sparse file '" + TarHeader.textOf(name) + "' does not fit its size");
        }
        begin(stored, map.contentSize());
        String real = map.name() == null ? name : checkedName(map.name());
        return new TarHeader(real, type, attributes, map.size(), "", 0, 0, map.extents());
    }

    private static TarType type(char flag, String name) {
        return switch (flag) {
            case 0, '0', '7', 'S' -> TarType.FILE;
            case '1' -> TarType.HARD_LINK;
            case '2' -> TarType.SYMBOLIC_LINK;
            case '3' -> TarType.CHARACTER_DEVICE;
            case '4' -> TarType.BLOCK_DEVICE;
            case '5' -> TarType.DIRECTORY;
            case '6' -> TarType.FIFO;
            default ->
                throw OciException.invalid(
                        "oci.unsupported-tar-entry",
                        "Reading a tar archive failed: '" + TarHeader.textOf(name) + "' is an entry of type '"
                                + (flag > ' ' && flag < 127 ? flag : '?') + "', which Slipway cannot read.");
        };
    }

    private String name(Map<String, String> extended) {
        @Nullable String longer = extended.get("path");
        if (longer != null) {
            return checkedName(longer);
        }
        String name = block.text(0, 100);
        boolean posix = block.text(257, 6).equals("ustar") && block.flag(262) == 0;
        String prefix = posix ? block.text(345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String checkedName(String name) {
        if (name.length() > MAX_LONG_NAME || name.indexOf(0) >= 0) {
            throw TarSource.invalid("a name is too long or holds a zero byte");
        }
        return name;
    }

    private Attributes attributes(Map<String, String> extended) {
        return new Attributes(
                (int) (block.number(100, 8) & 07777),
                id("uid", 108, extended),
                id("gid", 116, extended),
                modified(extended),
                extended.isEmpty() ? Map.of() : xattrs(extended));
    }

    private static Map<String, byte[]> xattrs(Map<String, String> extended) {
        Map<String, byte[]> xattrs = new HashMap<>();
        extended.forEach((key, value) -> {
            if (key.startsWith(TarWriter.XATTR)) {
                xattrs.put(key.substring(TarWriter.XATTR.length()), value.getBytes(StandardCharsets.ISO_8859_1));
            }
        });
        return xattrs;
    }

    private long id(String key, int at, Map<String, String> extended) {
        @Nullable String record = extended.get(key);
        long id = record == null ? block.number(at, 8) : PaxRecords.number(key, record);
        if (id < 0 || id > MAX_ID) {
            throw TarSource.invalid("'" + key + "' is " + id + ", out of range");
        }
        return id;
    }

    private Instant modified(Map<String, String> extended) {
        @Nullable String record = extended.get("mtime");
        if (record != null) {
            return PaxRecords.time(record);
        }
        long seconds = block.number(136, 12);
        if (Math.abs(seconds) > MAX_SECONDS) {
            throw TarSource.invalid("a time is out of range");
        }
        return Instant.ofEpochSecond(seconds);
    }
}
