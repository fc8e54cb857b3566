package dev.slipway.oci.lazy;

import com.github.luben.zstd.Zstd;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tar.TarWriter;
import dev.slipway.oci.tree.Attributes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** Writes a layer by the descriptions of the formats, apart from the code under test. */
final class LazyLayer {
    static final Instant TIME = Instant.ofEpochSecond(1_000_000_000);

    private final Format format;
    private final List<TarHeader> headers = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();
    private final ByteArrayOutputStream blob = new ByteArrayOutputStream();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final List<Map<String, Object>> toc = new ArrayList<>();
    private final Map<String, String> annotations = new LinkedHashMap<>();
    private int chunkSize = 1 << 20;
    private Consumer<List<Map<String, Object>>> change = _ -> {};
    private boolean chunkDigests = true;
    private boolean zeros;

    LazyLayer(Format format) {
        this.format = format;
    }

    /** A layer's blob and its descriptor. */
    record Made(Descriptor descriptor, byte[] blob, byte[] tar) {}

    LazyLayer chunks(int size) {
        chunkSize = size;
        return this;
    }

    /** Leaves the digests of chunks out; those of files stay. */
    LazyLayer withoutChunkDigests() {
        chunkDigests = false;
        return this;
    }

    /** Marks chunks that hold nothing but zeros, and writes rubbish in their place. */
    LazyLayer withZeroChunks() {
        zeros = true;
        return this;
    }

    /** Changes the table of contents before it is written and its digest taken. */
    LazyLayer changed(Consumer<List<Map<String, Object>>> newChange) {
        change = newChange;
        return this;
    }

    LazyLayer dir(String name) {
        return add(new TarHeader(name + "/", TarType.DIRECTORY, Attributes.of(0755, TIME), 0, "", 0, 0), new byte[0]);
    }

    LazyLayer file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    LazyLayer file(String name, byte[] content) {
        Attributes attributes = new Attributes(04644, 7, 8, TIME, Map.of("user.x", new byte[] {1, 0, -1}));
        return add(new TarHeader(name, TarType.FILE, attributes, content.length, "", 0, 0), content);
    }

    LazyLayer link(String name, String target) {
        return add(new TarHeader(name, TarType.SYMBOLIC_LINK, Attributes.of(0777, TIME), 0, target, 0, 0), new byte[0]);
    }

    LazyLayer hard(String name, String target) {
        return add(new TarHeader(name, TarType.HARD_LINK, Attributes.of(0644, TIME), 0, target, 0, 0), new byte[0]);
    }

    LazyLayer device(String name) {
        return add(new TarHeader(name, TarType.CHARACTER_DEVICE, Attributes.of(0600, TIME), 0, "", 1, 3), new byte[0]);
    }

    LazyLayer add(TarHeader header, byte[] content) {
        headers.add(header);
        contents.add(content);
        return this;
    }

    Made make() {
        try {
            ByteArrayOutputStream tar = new ByteArrayOutputStream();
            for (int i = 0; i < headers.size(); i++) {
                byte[] entry = entry(headers.get(i), contents.get(i));
                tar.writeBytes(entry);
                write(headers.get(i), contents.get(i), entry);
            }
            byte[] end = new byte[1024];
            tar.writeBytes(end);
            if (!format.indexed() && format != Format.EXTERNAL_STARGZ) {
                blob.reset();
                blob.writeBytes(compress(tar.toByteArray()));
            } else {
                if (format.zstd()) {
                    pending.writeBytes(end);
                }
                flush();
                change.accept(toc);
                table();
            }
            byte[] bytes = blob.toByteArray();
            String type = format.zstd()
                    ? MediaTypes.LAYER_TAR_ZSTD
                    : format == Format.PLAIN ? MediaTypes.LAYER_TAR : MediaTypes.LAYER_TAR_GZIP;
            return new Made(Descriptor.of(type, bytes).withAnnotations(annotations), bytes, tar.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] entry(TarHeader header, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // Not closed: that would end the archive.
        new TarWriter(out).write(header, new ByteArrayInputStream(content));
        return out.toByteArray();
    }

    private void write(TarHeader header, byte[] content, byte[] entry) throws IOException {
        int padded = (content.length + 511) / 512 * 512;
        pending.write(entry, 0, entry.length - padded);
        Map<String, Object> row = row(header);
        toc.add(row);
        if (content.length == 0) {
            return;
        }
        flush();
        row.put("digest", Digest.sha256(content).toString());
        for (int at = 0; at < content.length; at += chunkSize) {
            byte[] chunk = Arrays.copyOfRange(content, at, Math.min(content.length, at + chunkSize));
            Map<String, Object> part =
                    at == 0 ? row : new LinkedHashMap<>(Map.of("name", header.name(), "type", "chunk"));
            if (at > 0) {
                toc.add(part);
                part.put("chunkOffset", at);
            }
            part.put("offset", blob.size());
            if (content.length > chunkSize) {
                part.put("chunkSize", chunk.length);
            }
            if (chunkDigests) {
                part.put("chunkDigest", Digest.sha256(chunk).toString());
            }
            if (zeros && Arrays.equals(chunk, new byte[chunk.length])) {
                part.put("chunkType", "zeros");
                Arrays.fill(chunk, (byte) 'x');
            }
            pending.writeBytes(chunk);
            flush();
        }
        if (format.zstd()) {
            row.put("endOffset", blob.size());
        }
        pending.write(entry, entry.length - padded + content.length, padded - content.length);
    }

    private static Map<String, Object> row(TarHeader header) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", TarHeader.textOf(header.name()));
        row.put(
                "type",
                switch (header.type()) {
                    case FILE -> "reg";
                    case DIRECTORY -> "dir";
                    case SYMBOLIC_LINK -> "symlink";
                    case HARD_LINK -> "hardlink";
                    case CHARACTER_DEVICE -> "char";
                    case BLOCK_DEVICE -> "block";
                    case FIFO -> "fifo";
                });
        row.put("size", header.size());
        row.put("linkName", TarHeader.textOf(header.linkName()));
        row.put("mode", header.attributes().mode());
        row.put("uid", header.attributes().uid());
        row.put("gid", header.attributes().gid());
        row.put("modtime", header.attributes().modified().toString());
        row.put("devMajor", header.major());
        row.put("devMinor", header.minor());
        Map<String, String> xattrs = new LinkedHashMap<>();
        header.attributes()
                .xattrs()
                .forEach((name, value) -> xattrs.put(name, Base64.getEncoder().encodeToString(value)));
        row.put("xattrs", xattrs);
        return row;
    }

    private void flush() throws IOException {
        if (pending.size() > 0) {
            blob.writeBytes(compress(pending.toByteArray()));
            pending.reset();
        }
    }

    private byte[] compress(byte[] plain) throws IOException {
        return format == Format.PLAIN ? plain : format.zstd() ? Zstd.compress(plain) : gzip(plain);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private void table() throws IOException {
        byte[] json = JsonObject.write(Map.of("version", 1, "entries", toc));
        int offset = blob.size();
        if (format.zstd()) {
            zstdTable(json, offset + 8);
            return;
        }
        annotations.put(
                "containerd.io/snapshot/stargz/toc.digest", Digest.sha256(json).toString());
        if (format == Format.EXTERNAL_STARGZ) {
            blob.writeBytes(gzip(new byte[1024]));
            blob.writeBytes(stargzFooter("SG\21\0STARGZEXTERNALTOC"));
            return;
        }
        TarHeader header =
                new TarHeader("stargz.index.json", TarType.FILE, Attributes.of(0644, TIME), json.length, "", 0, 0);
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        member.writeBytes(entry(header, json));
        member.writeBytes(new byte[1024]);
        blob.writeBytes(gzip(member.toByteArray()));
        String name = "%016xSTARGZ".formatted(offset);
        blob.writeBytes(stargzFooter(format == Format.LEGACY_STARGZ ? name : "SG\26\0" + name));
    }

    private static byte[] stargzFooter(String extra) {
        byte[] field = extra.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer footer = ByteBuffer.allocate(12 + field.length + 13).order(ByteOrder.LITTLE_ENDIAN);
        footer.put(new byte[] {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 0xff});
        footer.putShort((short) field.length).put(field);
        footer.put(new byte[] {1, 0, 0, (byte) 0xff, (byte) 0xff});
        return footer.array();
    }

    private void zstdTable(byte[] json, long offset) {
        byte[] compressed = Zstd.compress(json);
        skippable(compressed);
        String prefix = format == Format.CHUNKED ? "io.github.containers" : "io.containers";
        annotations.put(
                prefix + ".zstd-chunked.manifest-checksum",
                Digest.sha256(compressed).toString());
        annotations.put(
                prefix + ".zstd-chunked.manifest-position",
                offset + ":" + compressed.length + ":" + json.length + ":1");
        ByteBuffer footer =
                ByteBuffer.allocate(format == Format.CHUNKED ? 64 : 40).order(ByteOrder.LITTLE_ENDIAN);
        footer.putLong(offset).putLong(compressed.length).putLong(json.length).putLong(1);
        if (format == Format.CHUNKED) {
            byte[] split = Zstd.compress("{}".getBytes(StandardCharsets.UTF_8));
            footer.putLong(blob.size() + 8L).putLong(split.length).putLong(2);
            skippable(split);
        }
        footer.put((format == Format.CHUNKED ? "GNUlInUx" : "GnUlInUx").getBytes(StandardCharsets.US_ASCII));
        skippable(footer.array());
    }

    private void skippable(byte[] bytes) {
        blob.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184D2A50)
                .putInt(bytes.length)
                .array());
        blob.writeBytes(bytes);
    }
}
