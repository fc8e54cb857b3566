package dev.slipway.oci.tree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A tree with everything that images can hold; as a program, it lays itself out in the folder named as argument, without
 * what has no name in UTF-8 if there is one more.
 */
final class SampleTree {
    static final Instant TIME = Instant.ofEpochSecond(1_234_567_890, 123_456_789);
    static final Instant BEFORE_1970 = Instant.ofEpochSecond(-1_000_000, 500_000_000);
    static final Instant AFTER_2038 = Instant.ofEpochSecond(5_000_000_000L, 1);
    /** A capability set with cap_net_raw, version 2. */
    static final byte[] CAPABILITY = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    static final int SPARSE_SIZE = 8 << 20;
    static final String ODD_NAME = "odd \u00ff\u0080 '\"\\ \u00c3\u00bc";

    private SampleTree() {}

    public static void main(String[] args) throws IOException {
        try (DirectorySink sink = DirectorySink.create(Path.of(args[0]))) {
            for (TreeEntry entry : entries()) {
                if (args.length == 1 || isText(entry)) {
                    add(sink, entry);
                }
            }
            sink.finish();
            sink.publish();
            System.out.println(sink.report());
            sink.report().limits().forEach(System.out::println);
        }
    }

    private static boolean isText(TreeEntry entry) {
        String name = entry.path().bytes();
        return !name.equals(ODD_NAME) && !name.startsWith("soft");
    }

    static void into(TreeSink sink) throws IOException {
        for (TreeEntry entry : entries()) {
            add(sink, entry);
        }
        sink.finish();
    }

    /** Delivers an entry; files hold the letters of their name, over and over. */
    static void add(TreeSink sink, TreeEntry entry) throws IOException {
        if (entry instanceof TreeEntry.RegularFile file) {
            sink.add(entry, new ByteArrayInputStream(content(file.path().name(), (int) file.contentSize())));
        } else {
            sink.add(entry, InputStream.nullInputStream());
        }
    }

    static byte[] content(String name, int size) {
        byte[] letters = name.getBytes(StandardCharsets.ISO_8859_1);
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = letters[i % letters.length];
        }
        return content;
    }

    static List<TreeEntry> entries() {
        String deep = "d".repeat(120) + "/" + "e".repeat(200);
        return Stream.of(directories(deep), files(deep), others())
                .flatMap(List::stream)
                .toList();
    }

    private static List<TreeEntry> directories(String deep) {
        return List.of(
                directory("", owned(0751, 0, 0)),
                directory("closed", owned(0, 12, 34)),
                directory("closed/in", owned(0500, 0, 0)),
                directory("shared", owned(03775, 1234, 4321)),
                directory("tmp", owned(01777, 0, 0)),
                directory("d".repeat(120), owned(0755, 0, 0)),
                directory(deep, owned(0755, 0, 0)),
                directory("noted", new Attributes(0555, 0, 0, BEFORE_1970, Map.of("user.note", new byte[] {
                    0, 1, (byte) 0xff
                }))));
    }

    private static List<TreeEntry> files(String deep) {
        return List.of(
                file("empty", 0, owned(0644, 0, 0)),
                file("closed/in/file", 10, owned(0, 70_000, 3_000_000_000L)),
                file("shared/file", 100, owned(0640, 0, 4321)),
                file("big", 300_000, owned(0664, 0, 0)),
                file("setuid", 5, owned(06755, 1234, 4321)),
                file(ODD_NAME, 33, owned(0600, 0, 0)),
                file("line\nbreak", 3, owned(0444, 0, 0)),
                file(deep + "/" + "f".repeat(255), 7, owned(0644, 0, 0)),
                file("old", 1, new Attributes(0644, 0, 0, BEFORE_1970, Map.of())),
                file("late", 1, new Attributes(0644, 0, 0, AFTER_2038, Map.of())),
                file(
                        "ping",
                        20,
                        new Attributes(
                                0555, 12, 34, TIME, Map.of("security.capability", CAPABILITY, "user.note", new byte[] {
                                    65
                                }))),
                file("trusted", 20, new Attributes(0400, 0, 0, TIME, Map.of("trusted.note", new byte[] {66}))),
                sparse("sparse", new Extent(1 << 20, 5000), new Extent(SPARSE_SIZE - 10, 10)),
                sparse("hole", new Extent(SPARSE_SIZE, 0)));
    }

    private static List<TreeEntry> others() {
        return List.of(
                new TreeEntry.SymbolicLink(path("soft"), owned(0777, 12, 34), "..//x\u00ff/./y/"),
                new TreeEntry.SymbolicLink(path("shared/old"), new Attributes(0777, 0, 0, BEFORE_1970, Map.of()), "/"),
                new TreeEntry.Device(path("zero"), owned(0666, 0, 0), false, 1, 5),
                new TreeEntry.Device(path("disk"), owned(0660, 0, 6), true, 259, 300),
                new TreeEntry.Fifo(path("pipe"), owned(0622, 12, 0)),
                new TreeEntry.HardLink(path("closed/again"), owned(0664, 0, 0), path("big")),
                new TreeEntry.HardLink(path("soft2"), owned(0777, 12, 34), path("soft")),
                new TreeEntry.HardLink(path("zero2"), owned(0666, 0, 0), path("zero")));
    }

    static TreePath path(String bytes) {
        return new TreePath(bytes);
    }

    static Attributes owned(int mode, long uid, long gid) {
        return new Attributes(mode, uid, gid, TIME, Map.of());
    }

    static TreeEntry directory(String path, Attributes attributes) {
        return new TreeEntry.Directory(path(path), attributes);
    }

    static TreeEntry file(String path, long size, Attributes attributes) {
        return new TreeEntry.RegularFile(path(path), attributes, size);
    }

    private static TreeEntry sparse(String path, Extent... extents) {
        return new TreeEntry.RegularFile(path(path), owned(0644, 0, 0), SPARSE_SIZE, Arrays.asList(extents));
    }
}
