package dev.slipway.oci.build;

import dev.slipway.oci.OciException;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tar.TarWriter;
import dev.slipway.oci.tree.Attributes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The content of one layer.
 *
 * <p>Files keep their bytes, their executable bit and, as far as it is not too late, their time; owner, group and the
 * other mode bits become the same everywhere, so that a layer depends on nothing but what it holds.
 */
public final class LayerBuilder {
    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;

    /** By name, one byte in each char, so that they are sorted by bytes. */
    private final Map<String, Entry> entries = new TreeMap<>();

    private String createdBy = "slipway image build";
    private long uid;
    private long gid;

    private sealed interface Entry {
        record Folder(Instant modified) implements Entry {}

        record DiskFile(Path source, boolean executable) implements Entry {}

        record Bytes(byte[] bytes, boolean executable) implements Entry {}

        /** A symbolic link; its target has one byte in each char. */
        record Link(String target, Instant modified) implements Entry {}
    }

    /**
     * Adds what a folder holds, symbolic links as such, by the bytes of their names.
     *
     * @param path where it goes in the image, such as {@code opt/app}; empty for the root
     */
    public LayerBuilder directory(Path source, String path) throws IOException {
        String name = TarHeader.bytesOf(path);
        String prefix = path.isEmpty() ? "" : checked(name) + "/";
        if (!path.isEmpty()) {
            put(name, new Entry.Folder(Files.getLastModifiedTime(source).toInstant()));
        }
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                if (!file.equals(source)) {
                    put(prefix + PathBytes.below(source, file), entry(file));
                }
            }
        }
        return this;
    }

    /** Adds a file, executable when its owner may execute it. */
    public LayerBuilder file(Path source, String path) throws IOException {
        put(TarHeader.bytesOf(path), entry(source));
        return this;
    }

    /** Adds a file with the given bytes. */
    public LayerBuilder file(byte[] bytes, String path, boolean executable) {
        put(TarHeader.bytesOf(path), new Entry.Bytes(bytes.clone(), executable));
        return this;
    }

    public LayerBuilder symbolicLink(String path, String target) {
        put(TarHeader.bytesOf(path), new Entry.Link(TarHeader.bytesOf(target), Instant.EPOCH));
        return this;
    }

    /** Says who owns all entries, by number; root unless set. */
    public LayerBuilder owner(long newUid, long newGid) {
        // Checked here, where it is said.
        new Attributes(PLAIN, newUid, newGid, Instant.EPOCH, Map.of());
        uid = newUid;
        gid = newGid;
        return this;
    }

    /** What the image's history says of this layer. */
    public LayerBuilder createdBy(String text) {
        createdBy = text;
        return this;
    }

    String createdBy() {
        return createdBy;
    }

    private static Entry entry(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return new Entry.Link(
                    PathBytes.ofTarget(Files.readSymbolicLink(file)),
                    Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant());
        }
        if (Files.isDirectory(file)) {
            return new Entry.Folder(Files.getLastModifiedTime(file).toInstant());
        }
        if (!Files.isRegularFile(file)) {
            throw OciException.invalid(
                    "oci.unsupported-file",
                    "Adding " + file + " to a layer failed: it is neither a file, a folder nor a symbolic link.");
        }
        return new Entry.DiskFile(
                file, Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_EXECUTE));
    }

    private void put(String path, Entry entry) {
        String name = checked(path);
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            entries.putIfAbsent(name.substring(0, slash), new Entry.Folder(Instant.EPOCH));
        }
        entries.put(name, entry);
    }

    private static String checked(String path) {
        for (String component : path.split("/", -1)) {
            if (component.isEmpty()
                    || component.equals(".")
                    || component.equals("..")
                    || component.startsWith(".wh.")) {
                throw OciException.invalid(
                        "oci.invalid-path",
                        "Adding '" + TarHeader.textOf(path)
                                + "' to a layer failed: it must be relative, without empty, '.' or '..'"
                                + " parts, and no part may begin with '.wh.', which marks a whiteout.");
            }
        }
        return path;
    }

    /** Writes the entries, sorted, no time later than {@code latest}. */
    void write(TarWriter tar, Instant latest) throws IOException {
        for (var entry : entries.entrySet()) {
            String name = entry.getKey();
            switch (entry.getValue()) {
                case Entry.Folder(Instant modified) ->
                    tar.write(header(name + "/", TarType.DIRECTORY, EXECUTABLE, clamp(modified, latest), 0, ""));
                case Entry.Link(String target, Instant modified) ->
                    tar.write(header(name, TarType.SYMBOLIC_LINK, 0777, clamp(modified, latest), 0, target));
                case Entry.Bytes(byte[] bytes, boolean executable) ->
                    tar.write(
                            header(
                                    name,
                                    TarType.FILE,
                                    executable ? EXECUTABLE : PLAIN,
                                    clamp(Instant.EPOCH, latest),
                                    bytes.length,
                                    ""),
                            new ByteArrayInputStream(bytes));
                case Entry.DiskFile(Path source, boolean executable) ->
                    writeFile(tar, name, source, executable ? EXECUTABLE : PLAIN, latest);
            }
        }
    }

    private void writeFile(TarWriter tar, String name, Path source, int mode, Instant latest) throws IOException {
        Instant modified = Files.getLastModifiedTime(source).toInstant();
        try (InputStream in = Files.newInputStream(source)) {
            tar.write(header(name, TarType.FILE, mode, clamp(modified, latest), Files.size(source), ""), in);
        }
    }

    /** Whole seconds, as copying tools may drop the rest. */
    static Instant clamp(Instant modified, Instant latest) {
        Instant earlier = modified.isBefore(latest) ? modified : latest;
        return Instant.ofEpochSecond(earlier.getEpochSecond());
    }

    private TarHeader header(String name, TarType type, int mode, Instant modified, long size, String link) {
        return new TarHeader(name, type, new Attributes(mode, uid, gid, modified, Map.of()), size, link, 0, 0);
    }
}
