package dev.slipway.it.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.it.image.LayoutWriter.Layer;
import dev.slipway.it.image.RawTar.Entry;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Images that must not be unpacked, through the packaged program: the reason is told, and nothing is left behind. */
class RefusedCasesTest {
    @TempDir
    Path folder;

    static Stream<Arguments> refused() throws Exception {
        byte[] fine = new RawTar().file("f", "content").end();
        byte[] gzip = LayoutWriter.compress(fine);
        return Stream.of(
                refused(
                        "L11 a hard link to a name that its own layer removes",
                        "oci.invalid-layer",
                        Layer.gzip(new RawTar().file("f", "f").end()),
                        Layer.gzip(new RawTar()
                                .hardLink("g", "f")
                                .whiteout(".", "f")
                                .end())),
                refused(
                        "L14 a hard link out of the root",
                        "oci.unsafe-path",
                        Layer.gzip(
                                new RawTar().hardLink("g", "../../etc/passwd").end())),
                refused(
                        "L17 a name out of the root",
                        "oci.unsafe-path",
                        Layer.gzip(new RawTar().file("../x", "x").end())),
                refused(
                        "L17 a name that goes out in the middle",
                        "oci.unsafe-path",
                        Layer.gzip(new RawTar().file("a/../../x", "x").end())),
                refused(
                        "L19 a root that is no directory",
                        "oci.invalid-layer",
                        Layer.gzip(new RawTar().symbolicLink("./", "/etc").end())),
                refused(
                        "a bare whiteout",
                        "oci.invalid-layer",
                        Layer.gzip(new RawTar().file("a/.wh.", "").end())),
                refused(
                        "L29 garbage after the compressed stream",
                        "oci.invalid-gzip",
                        new Layer(
                                LayoutWriter.GZIP,
                                joined(gzip, "garbage".getBytes("US-ASCII")),
                                LayoutWriter.sha256(fine))),
                refused(
                        "a compressed stream that is damaged behind the archive's end",
                        "oci.invalid-gzip",
                        new Layer(LayoutWriter.GZIP, damagedAtTheEnd(gzip), LayoutWriter.sha256(fine))),
                refused(
                        "L32 an archive that ends inside an entry",
                        "oci.invalid-tar",
                        Layer.gzip(half(new RawTar().file("f", "x".repeat(2000)).cut()))),
                refused("L39 a decompression bomb", "oci.image-too-large", bomb()),
                refused(
                        "an unknown media type of a layer",
                        "oci.unsupported-layer",
                        new Layer("application/vnd.example.squashfs", gzip, LayoutWriter.sha256(fine))),
                refused(
                        "L43 a wrong diff id",
                        "oci.diff-id-mismatch",
                        new Layer(LayoutWriter.GZIP, gzip, LayoutWriter.sha256(gzip))));
    }

    private static Arguments refused(String what, String code, Layer... layers) {
        return Arguments.of(what, code, List.of(layers));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedAndLeavesNothing(String what, String code, List<Layer> layers) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        new LayoutWriter(folder.resolve("layout")).image("bad", layers);
        refuse("as-it-is", false, code);
        if (Tool.root() && Tool.reachableByUser()) {
            refuse("as-user", true, code);
        }
    }

    private void refuse(String name, boolean asUser, String code) throws Exception {
        Path parent = Files.createDirectory(folder.resolve(name));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));

        Tool.Outcome outcome = Tool.slipway(
                asUser,
                parent.resolve("home"),
                "image",
                "unpack",
                "oci:" + folder.resolve("layout") + ":bad",
                parent.resolve("tree").toString());

        assertThat(outcome.err()).contains("code: " + code);
        assertThat(outcome.status()).isNotZero();
        try (Stream<Path> left = Files.list(parent)) {
            assertThat(left).extracting(path -> path.getFileName().toString()).containsExactly("home");
        }
    }

    private static byte[] joined(byte[] one, byte[] other) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(one);
        out.writeBytes(other);
        return out.toByteArray();
    }

    private static byte[] damagedAtTheEnd(byte[] gzip) {
        byte[] damaged = gzip.clone();
        // The checksum: whoever stops reading at the archive's closing blocks does not see it.
        damaged[damaged.length - 6] ^= 1;
        return damaged;
    }

    private static byte[] half(byte[] bytes) {
        return java.util.Arrays.copyOf(bytes, bytes.length / 2);
    }

    /** 8 GiB of zeros in a few MB; the archive says so truthfully. */
    private static Layer bomb() throws Exception {
        long size = 8L << 30;
        byte[] header = new RawTar()
                .pax("size", Long.toString(size))
                .add(Entry.of('0', "zeros", 0644), "")
                .cut();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out, 1 << 16)) {
            gzip.write(header);
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 1200; i++) {
                gzip.write(zeros);
            }
        }
        return new Layer(LayoutWriter.GZIP, out.toByteArray(), LayoutWriter.sha256(header));
    }
}
