package dev.slipway.oci.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.oci.OciException;
import dev.slipway.oci.layer.Layers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tree is read by GNU find, not by what wrote it. */
class DirectorySinkTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_234_567_890, 500_000_000);

    @TempDir
    Path folder;

    private final InputStream nothing = InputStream.nullInputStream();

    @Test
    void laysOutKindsModesTimesAndLinks() throws Exception {
        Path root = folder.resolve("root");
        boolean admin = isRoot();
        SinkReport report = unpack(
                new Layers()
                        .dir("./", 0751)
                        .dir("tmp", 01777)
                        .dir("closed", 0500)
                        .file("closed/f", "secret", Attributes.of(04711, TIME))
                        .link("soft", "closed/none")
                        .hard("hard", "closed/f")
                        .hard("soft2", "soft")
                        .file("late", "x", new Attributes(0, 12, 34, TIME, Map.of("security.x", new byte[1])))
                        .device("null", 1, 3)
                        .fifo("pipe")
                        .file("empty", "", Attributes.of(0600, Instant.ofEpochSecond(-100))),
                root);

        String owner = admin ? "12 34" : System.getProperty("user.name");
        assertThat(find(root, "%p %y %m %n %Ts %l\\n"))
                .containsExactly(
                        ". d 751 4 1000000000 ",
                        "./closed d 500 2 1000000000 ",
                        "./closed/f f 4711 2 1234567890 ",
                        "./empty f 600 1 -100 ",
                        "./hard f 4711 2 1234567890 ",
                        "./late f 0 1 1234567890 ",
                        "./soft l 777 2 1000000000 closed/none",
                        "./soft2 l 777 2 1000000000 closed/none",
                        "./tmp d 1777 2 1000000000 ");
        assertThat(find(root, "%i %P\\n").stream()
                        .filter(line -> line.endsWith("/f") || line.endsWith(" hard"))
                        .map(line -> line.replaceAll(" .*", ""))
                        .distinct())
                .hasSize(1);
        if (admin) {
            assertThat(find(root, "%P %U %G\\n")).contains("late " + owner, "closed/f 0 0");
            assertThat(report).isEqualTo(new SinkReport(0, 2, 1, 0, 0, 0));
        }
        assertThat(Files.readString(root.resolve("hard"))).isEqualTo("secret");
    }

    @Test
    void countsOwnersItMayNotSet() throws Exception {
        assumeTrue(!isRoot(), "running as root, who may set every owner");
        SinkReport report = unpack(
                new Layers().file("f", "x", new Attributes(0644, 12, 34, TIME, Map.of())), folder.resolve("root"));
        assertThat(report.owners()).isPositive();
        assertThat(report.complete()).isFalse();
    }

    @Test
    void writesOnlyBelowItsRootWhateverTheImageLinksTo() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path root = folder.resolve("root");

        unpack(
                new Layers()
                        .link("d", outside.toString())
                        .above()
                        .file("d/f", "1")
                        .link("up", "../outside")
                        .above()
                        .file("up/g", "2")
                        .hard("h", "up/g"),
                root);

        assertThat(outside).isEmptyDirectory();
        assertThat(root.resolve("outside/g")).hasContent("2");
        assertThat(root.resolve(outside.toString().substring(1)).resolve("f")).hasContent("1");
    }

    @Test
    void neverFollowsALinkThatIsSwappedIn() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path root = folder.resolve("root");
        Attributes attributes = Attributes.of(0755, TIME);
        try (DirectorySink sink = DirectorySink.create(root, false)) {
            for (String name : List.of("", "a", "a/b", "c")) {
                sink.add(new TreeEntry.Directory(new TreePath(name), attributes), nothing);
            }
            // While a folder's handle is open, and while it is not.
            swap(root.resolve("a/b"), outside);
            addFile(sink, "c/x");
            assertThatThrownBy(() -> addFile(sink, "a/b/x")).isInstanceOf(IOException.class);
            addFile(sink, "c/y");
            swap(root.resolve("c"), outside);
            addFile(sink, "c/z");
            assertThatThrownBy(
                            () -> sink.add(new TreeEntry.SymbolicLink(new TreePath("a/b/l"), attributes, "t"), nothing))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> sink.add(new TreeEntry.Directory(new TreePath("a/b/d"), attributes), nothing))
                    .isInstanceOf(IOException.class);
            long time = Files.getLastModifiedTime(outside).toMillis();
            assertThatThrownBy(sink::finish).isInstanceOf(IOException.class);
            assertThat(Files.getLastModifiedTime(outside).toMillis()).isEqualTo(time);
        }
        assertThat(outside).isEmptyDirectory();
    }

    private void swap(Path place, Path target) throws IOException {
        Files.move(place, folder.resolve("moved-" + place.getFileName()));
        Files.createSymbolicLink(place, target);
    }

    private static void addFile(DirectorySink sink, String path) throws IOException {
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        sink.add(
                new TreeEntry.RegularFile(new TreePath(path), Attributes.of(0644, TIME), content.length),
                new ByteArrayInputStream(content));
    }

    @Test
    void wantsAnEmptyFolderAndLeavesNoTraceOfItsWork() throws Exception {
        Path root = folder.resolve("root");
        unpack(new Layers().file("a", "1").hard("b", "a"), root);

        assertThat(find(root, "%P\\n")).containsExactly("", "a", "b");
        assertThatThrownBy(() -> DirectorySink.create(root, false)).hasMessageContaining("not empty");
    }

    @Test
    void saysWhichNamesAndTimesItCannotHold() {
        assertThatThrownBy(() -> unpack(new Layers().file("a\u00ff", "1"), folder.resolve("one")))
                .isInstanceOf(OciException.class)
                .hasMessageContaining("a?");
        SinkReport report = unpack(
                new Layers()
                        .link("slashes", "x//y/")
                        .file("old", "", Attributes.of(0644, Instant.ofEpochSecond(-5, 1)))
                        .file("far", "", Attributes.of(0644, Instant.ofEpochSecond(20_000_000_000L))),
                folder.resolve("two"));
        assertThat(report.targets()).isEqualTo(1);
        assertThat(report.times()).isEqualTo(2);
        assertThat(report).asString().contains("2 times, 1 link target");
    }

    private static SinkReport unpack(Layers layers, Path root) {
        try (DirectorySink sink = DirectorySink.create(root, true)) {
            layers.into(sink);
            sink.publish();
            return sink.report();
        }
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static List<String> find(Path root, String format) throws Exception {
        Process process = new ProcessBuilder("find", ".", "-printf", format)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().sorted().toList();
    }
}
