package dev.slipway.oci.lazy;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tree.Attributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the entries of a layer's table of contents; the two formats differ little here. */
final class TocEntries {
    private static final long VERSION = 1;
    private static final long MAX_ID = 0xFFFF_FFFFL;
    private static final int MAX_LINK_TARGET = 4095;

    private final Descriptor layer;
    private final LazyLimits limits;
    private final TocFooter place;
    private final List<JsonObject> entries;
    private final long[] offsets;

    private TocEntries(TocBytes.Table table, Descriptor layer, LazyLimits limits) {
        this.layer = layer;
        this.limits = limits;
        this.place = table.place();
        JsonObject json =
                JsonObject.parse(table.json(), "the table of contents of layer " + layer.digest(), limits.toc());
        if (json.number("version").orElse(VERSION) != VERSION) {
            throw invalid("its version is not " + VERSION);
        }
        this.entries = json.objects("entries");
        if (entries.size() > limits.entries()) {
            throw LazyLimits.exceeded("layer " + layer.digest() + " has more than " + limits.entries() + " entries");
        }
        this.offsets = entries.stream()
                .mapToLong(entry -> number(entry, "offset"))
                .filter(offset -> offset > 0)
                .sorted()
                .toArray();
    }

    /**
     * Reads a table.
     *
     * @throws OciException {@code oci.invalid-toc}, {@code oci.invalid-document}, {@code oci.image-too-large}
     */
    static List<LayerEntry> read(TocBytes.Table table, Descriptor layer, LazyLimits limits) {
        return new TocEntries(table, layer, limits).read();
    }

    private List<LayerEntry> read() {
        List<LayerEntry> leaves = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); ) {
            int end = i + 1;
            while (end < entries.size() && type(entries.get(end)).equals("chunk")) {
                end++;
            }
            leaves.add(entry(entries.subList(i, end)));
            i = end;
        }
        return leaves;
    }

    private static String type(JsonObject entry) {
        return entry.string("type").orElse("");
    }

    /** Reads an entry and the chunks that belong to it. */
    private LayerEntry entry(List<JsonObject> group) {
        JsonObject entry = group.getFirst();
        TarType type = switch (type(entry)) {
            case "dir" -> TarType.DIRECTORY;
            case "reg" -> TarType.FILE;
            case "symlink" -> TarType.SYMBOLIC_LINK;
            case "hardlink" -> TarType.HARD_LINK;
            case "char" -> TarType.CHARACTER_DEVICE;
            case "block" -> TarType.BLOCK_DEVICE;
            case "fifo" -> TarType.FIFO;
            default -> throw invalid("an entry has an unknown type");
        };
        if (type != TarType.FILE && group.size() > 1) {
            throw invalid("something that is no file has chunks");
        }
        String link = TarHeader.bytesOf(entry.string("linkName").orElse(""));
        if (type == TarType.SYMBOLIC_LINK && (link.isEmpty() || link.length() > MAX_LINK_TARGET)) {
            throw invalid("a symbolic link's target is empty or too long");
        }
        long size = type == TarType.FILE ? number(entry, "size") : 0;
        if (size > limits.file().bytes()) {
            throw LazyLimits.exceeded("a file of layer " + layer.digest() + " has more than " + limits.file());
        }
        TarHeader header = new TarHeader(
                TarHeader.bytesOf(entry.requireString("name")),
                type,
                attributes(entry),
                size,
                link,
                (int) Math.min(Integer.MAX_VALUE, number(entry, "devMajor")),
                (int) Math.min(Integer.MAX_VALUE, number(entry, "devMinor")));
        return new LayerEntry(header, size == 0 ? new Content.Empty() : content(group, size));
    }

    private Content content(List<JsonObject> group, long size) {
        Optional<Digest> whole = digest(group.getFirst(), "digest");
        List<Chunk> chunks = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < group.size(); i++) {
            long next = i + 1 < group.size() ? number(group.get(i + 1), "chunkOffset") : size;
            Chunk chunk = chunk(group.get(i), at, next);
            chunks.add(chunk);
            at = next;
        }
        long fileEnd = number(group.getFirst(), "endOffset");
        if (fileEnd > chunks.getLast().offset()) {
            chunks.add(endingAt(chunks.removeLast(), Math.min(fileEnd, place.offset())));
        }
        if (chunks.size() == 1 && chunks.getFirst().digest().isEmpty() && whole.isPresent()) {
            chunks.set(0, chunks.getFirst().withDigest(whole.get()));
        }
        return new Content.Chunks(chunks, whole, place.codec());
    }

    private static Chunk endingAt(Chunk chunk, long end) {
        return new Chunk(
                chunk.offset(), Math.min(end, chunk.end()), chunk.skip(), chunk.size(), chunk.zeros(), chunk.digest());
    }

    /**
     * Reads a chunk.
     *
     * @param at where in the file it has to begin
     * @param next where the next one begins, or the file's end
     */
    private Chunk chunk(JsonObject entry, long at, long next) {
        long size = number(entry, "chunkSize");
        long offset = number(entry, "offset");
        long skip = number(entry, "innerOffset");
        // A size of 0 means all that is left.
        if (number(entry, "chunkOffset") != at || next <= at || (size != 0 && size != next - at)) {
            throw invalid("the chunks of a file do not follow each other");
        }
        if (offset >= place.offset() || skip > limits.file().bytes()) {
            throw invalid("a file lies outside of the layer");
        }
        return new Chunk(
                offset,
                endOf(offset),
                skip,
                next - at,
                entry.string("chunkType").orElse("").equals("zeros"),
                digest(entry, "chunkDigest"));
    }

    /** Where at the latest the compressed bytes end that begin at an offset: where others begin. */
    private long endOf(long offset) {
        int index = Arrays.binarySearch(offsets, offset + 1);
        index = index < 0 ? -index - 1 : index;
        return index < offsets.length ? Math.min(offsets[index], place.offset()) : place.offset();
    }

    private Optional<Digest> digest(JsonObject entry, String key) {
        return entry.string(key).filter(text -> !text.isEmpty()).map(Digest::parse);
    }

    private Attributes attributes(JsonObject entry) {
        long uid = number(entry, "uid");
        long gid = number(entry, "gid");
        if (uid > MAX_ID || gid > MAX_ID) {
            throw invalid("an owner is out of range");
        }
        Map<String, byte[]> xattrs = new HashMap<>();
        Base64.Decoder decoder = Base64.getDecoder();
        entry.object("xattrs")
                .ifPresent(_ -> entry.stringMap("xattrs").forEach((name, value) -> {
                    try {
                        xattrs.put(TarHeader.bytesOf(name), decoder.decode(value));
                    } catch (IllegalArgumentException _) {
                        throw invalid("an extended attribute is not in base 64");
                    }
                }));
        return new Attributes((int) (number(entry, "mode") & 07777), uid, gid, modified(entry), xattrs);
    }

    private Instant modified(JsonObject entry) {
        String text = entry.string("modtime").orElse("");
        if (text.isEmpty()) {
            return Instant.EPOCH;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            throw invalid("a time is malformed");
        }
    }

    private long number(JsonObject entry, String key) {
        long value = entry.number(key).orElse(0);
        if (value < 0) {
            throw invalid("'" + key + "' is negative");
        }
        return value;
    }

    private OciException invalid(String why) {
        return TocFooter.invalid(layer, why);
    }
}
