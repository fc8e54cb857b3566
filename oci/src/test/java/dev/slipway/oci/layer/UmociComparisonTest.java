package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.DirectorySink;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same layers unpacked by umoci and by us give the same tree, as GNU find sees it. */
class UmociComparisonTest {
    private static final String FORMAT = "%P %y %m %U %G %n %T@ %l\\n";

    private static final int STACKS = 25;

    @TempDir
    Path folder;

    @Test
    void unpacksTheSameTreeAsUmoci() throws Exception {
        assumeTrue(installed("umoci"), "umoci is not installed");
        boolean admin = run("id", "-u").equals(List.of("0"));
        assumeTrue(admin, "not running as root: umoci would leave out owners");
        Layers layers = layers();
        if (System.getProperty("sun.jnu.encoding", "").equals("UTF-8")) {
            layers.file("utf8-\u00c3\u00bc", "u").above();
        }
        Path layout = folder.resolve("layout");
        write(layers, layout);

        run(
                "umoci",
                "unpack",
                "--image",
                layout + ":it",
                folder.resolve("bundle").toString());
        try (DirectorySink sink = DirectorySink.create(folder.resolve("ours"), false)) {
            layers.into(sink);
            sink.publish();
            assertThat(sink.report().complete()).isTrue();
        }

        List<String> ours = find(folder.resolve("ours"));
        assertThat(ours).hasSizeGreaterThan(20).isEqualTo(find(folder.resolve("bundle/rootfs")));
        assertThat(run(
                        "diff",
                        "-r",
                        "--no-dereference",
                        folder.resolve("ours").toString(),
                        folder.resolve("bundle/rootfs").toString()))
                .isEmpty();
    }

    @Test
    void unpacksMadeUpStacksLikeUmoci() throws Exception {
        assumeTrue(installed("umoci"), "umoci is not installed");
        assumeTrue(run("id", "-u").equals(List.of("0")), "not running as root: umoci would leave out owners");
        int compared = 0;
        for (long seed = 1; compared < STACKS; seed++) {
            Layers layers = RandomLayers.of(seed, RandomLayers.Style.PLAIN);
            Path here = Files.createDirectory(folder.resolve("stack" + seed));
            write(layers, here.resolve("layout"));
            try (DirectorySink sink = DirectorySink.create(here.resolve("ours"), false)) {
                layers.into(sink);
                sink.publish();
            }
            run(
                    "umoci",
                    "unpack",
                    "--image",
                    here.resolve("layout") + ":it",
                    here.resolve("bundle").toString());
            assertThat(contents(here.resolve("ours"))).isEqualTo(contents(here.resolve("bundle/rootfs")));
            assertThat(findTimeless(here.resolve("ours")))
                    .as("seed %d", seed)
                    .isEqualTo(findTimeless(here.resolve("bundle/rootfs")));
            compared++;
        }
    }

    private static Layers layers() {
        Attributes owned = new Attributes(06755, 1234, 4321, Instant.ofEpochSecond(1_111_111_111), Map.of());
        Layers layers = new Layers()
                .dir("./", 0755)
                .dir("usr")
                .dir("usr/lib")
                .file("usr/lib/one", "1")
                .file("usr/lib/two", "2")
                .link("lib", "usr/lib")
                .dir("gone")
                .file("gone/a", "a")
                .dir("gone/b")
                .file("gone/b/c", "c")
                .dir("opaque", 0700)
                .file("opaque/old", "old")
                .dir("opaque/deep")
                .file("opaque/deep/old", "old")
                .dir("etc")
                .file("etc/a", "a")
                .hard("etc/b", "etc/a")
                .file("kind", "file")
                .dir("kind2")
                .file("kind2/x", "x")
                .dir("tmp", 01777)
                .file("setuid", "s", owned)
                .above();
        return layers.dir("./", 0755)
                .dir("usr")
                .dir("usr/lib")
                .file("usr/lib/three", "3")
                .file("usr/lib/.wh.one", "")
                .dir("etc")
                .hard("etc/c", "etc/b")
                .file("etc/.wh.a", "")
                .file(".wh.gone", "")
                .dir("opaque", 0711)
                .file("opaque/.wh..wh..opq", "")
                .file("opaque/new", "new")
                .dir("kind")
                .file("kind/now", "a directory")
                .file("kind2", "now a file")
                .dir("a")
                .dir("a/" + "n".repeat(150))
                .file("a/" + "n".repeat(150) + "/" + "m".repeat(120), "long")
                .dir("again", 0750)
                .above()
                .dir("./", 0755)
                .dir("gone")
                .file("gone/again", "again")
                .link("etc/soft", "../usr/lib")
                .file("setuid", "t", owned)
                .above();
    }

    private void write(Layers layers, Path folder) {
        byte[] config = JsonObject.write(Map.of(
                "os", "linux",
                "architecture", "amd64",
                "rootfs",
                        Map.of(
                                "type",
                                "layers",
                                "diff_ids",
                                layers.diffIds().stream().map(Object::toString).toList())));
        try (LayoutContentStore store = LayoutContentStore.open(folder)) {
            Descriptor configDescriptor = Descriptor.of(MediaTypes.CONFIG, config);
            store.put(configDescriptor.digest(), config);
            layers.descriptors().forEach(layer -> store.put(layer.digest(), layers.bytes(layer)));
            ImageManifest manifest = ImageManifest.create(configDescriptor, layers.descriptors(), Map.of());
            store.put(manifest.digest(), manifest.bytes());
            store.tag("it", manifest.descriptor());
        }
    }

    private static List<String> contents(Path root) throws Exception {
        return run("sh", "-c", "cd " + root + " && find . -type f -exec sha256sum {} +").stream()
                .sorted()
                .toList();
    }

    /** Without the times of directories, which umoci changes when it removes something from one after it set its time. */
    private static List<String> findTimeless(Path root) throws Exception {
        return find(root).stream()
                .map(line -> line.contains(" d ") ? line.replaceAll(" \\S+ *$", "") : line)
                .toList();
    }

    private static List<String> find(Path root) throws Exception {
        return run("find", root.toString(), "-printf", FORMAT).stream().sorted().toList();
    }

    private static boolean installed(String tool) throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() == 0;
    }

    private static List<String> run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream in = process.getInputStream()) {
            String output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as(String.join(" ", command) + "\n" + output)
                    .isZero();
            return output.lines().toList();
        }
    }
}
