package dev.slipway.it.image;

import dev.slipway.it.image.LayoutWriter.Layer;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Layers that are stored in unusual ways, each with one file of its case's name. */
final class EncodedCases {
    /** How many entries the layer of {@code L40} has. */
    static final int MANY = 100_000;

    private static final String ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";

    private EncodedCases() {}

    static List<Layer> layers(Path folder) throws Exception {
        byte[] members = tar("L28");
        byte[] padded = tar("L29");
        byte[] frames = tar("L30");
        byte[] mislabelled = tar("L31-zstd");
        byte[] plain = tar("L31-plain");
        byte[] open = new RawTar().file("L32", "content").cut();
        byte[] docker = new byte[1024];
        List<Layer> layers = new ArrayList<>(List.of(
                gzip(
                        joined(
                                LayoutWriter.compress(Arrays.copyOf(members, 700)),
                                LayoutWriter.compress(Arrays.copyOfRange(members, 700, members.length))),
                        members),
                gzip(joined(LayoutWriter.compress(padded), new byte[4096]), padded),
                new Layer(ZSTD, frames(folder, frames), LayoutWriter.sha256(frames)),
                gzip(zstd(folder, mislabelled), mislabelled),
                gzip(plain, plain),
                gzip(LayoutWriter.compress(open), open),
                gzip(LayoutWriter.compress(docker), docker)));
        Layer twice = Layer.gzip(new RawTar()
                .whiteout(".", "L41")
                .file("L41-a", "content")
                .hardLink("L41-b", "L41-a")
                .end());
        layers.add(twice);
        layers.add(twice);
        RawTar many = new RawTar();
        for (int i = 0; i < MANY; i++) {
            many.file("L40/" + i % 100 + "/" + i, "");
        }
        layers.add(Layer.gzip(many.end()));
        return layers;
    }

    private static byte[] tar(String name) {
        return new RawTar().file(name, "content").end();
    }

    private static Layer gzip(byte[] blob, byte[] tar) {
        return new Layer(LayoutWriter.GZIP, blob, LayoutWriter.sha256(tar));
    }

    /** Two frames, a frame to be skipped between them. */
    private static byte[] frames(Path folder, byte[] tar) throws Exception {
        byte[] skipped = {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
        return joined(
                zstd(folder, Arrays.copyOf(tar, 600)), skipped, zstd(folder, Arrays.copyOfRange(tar, 600, tar.length)));
    }

    private static byte[] zstd(Path folder, byte[] bytes) throws Exception {
        Path file = Files.write(folder.resolve("to-compress"), bytes);
        return Tool.bytes(Map.of(), List.of("zstd", "-q", "-c", file.toString()));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
