package dev.slipway.bench.unpack;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes an input as an OCI image layout with the tags {@code first} and {@code updated}, unless it is there already. */
final class ImageLayout {
    /** To be raised whenever other bytes are generated, so that older ones are not taken for them. */
    private static final int VERSION = 1;

    private final Input input;
    private final Path folder;
    private final Path blobs;

    private ImageLayout(Input input, Path folder) {
        this.input = input;
        this.folder = folder;
        this.blobs = folder.resolve("blobs/sha256");
    }

    /** A blob of the layout. */
    record Blob(Digest digest, long size) {}

    /** A compressed layer, with the digest of what it holds. */
    private record Layer(Blob blob, Digest content) {}

    /** The folder of a layout below {@code inputs}, which is written when it is not there. */
    static Path of(Input input, Path inputs) throws IOException, InterruptedException {
        Path folder = inputs.resolve(input.name() + "-v" + VERSION);
        if (Files.exists(folder.resolve("index.json"))) {
            return folder;
        }
        Path staged = inputs.resolve("." + input.name());
        AtomicFiles.deleteRecursively(staged);
        new ImageLayout(input, staged).write();
        Files.move(staged, folder, StandardCopyOption.ATOMIC_MOVE);
        return folder;
    }

    /** The blobs of one version: the manifest, the config, then the layers, lowest first. */
    static List<Blob> blobs(Path layout, String tag) throws IOException {
        String descriptor = "\"digest\":\"(sha256:[0-9a-f]{64})\",\"size\":(\\d+)";
        String index = Files.readString(layout.resolve("index.json"));
        Matcher manifest = Pattern.compile(descriptor + ",\"annotations\":\\{[^}]*\"" + tag + "\"")
                .matcher(index);
        if (!manifest.find()) {
            throw new IOException(layout + " has no " + tag);
        }
        List<Blob> blobs = new ArrayList<>();
        blobs.add(blob(manifest));
        Matcher others = Pattern.compile(descriptor)
                .matcher(Files.readString(layout.resolve("blobs/sha256")
                        .resolve(blobs.getFirst().digest().hex())));
        while (others.find()) {
            blobs.add(blob(others));
        }
        return blobs;
    }

    private static Blob blob(Matcher descriptor) {
        return new Blob(Digest.parse(descriptor.group(1)), Long.parseLong(descriptor.group(2)));
    }

    private void write() throws IOException, InterruptedException {
        Files.createDirectories(blobs);
        System.err.println("writing " + input.name() + " …");
        List<Layer> layers = new ArrayList<>();
        for (List<Entry> plan : input.shape().layers(false)) {
            layers.add(write(plan));
        }
        Blob first = manifest(layers);
        layers.set(layers.size() - 1, write(input.shape().layers(true).getLast()));
        Blob updated = manifest(layers);
        Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(
                folder.resolve("index.json"), """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s,%s]}""".formatted(tagged(first, "first"), tagged(updated, "updated")));
    }

    private Layer write(List<Entry> plan) throws IOException, InterruptedException {
        Path compressed = folder.resolve("layer");
        Process program = new ProcessBuilder(input.compression().compress)
                .redirectOutput(compressed.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        MessageDigest hasher = Digest.hasher("sha256");
        try (OutputStream out =
                new BufferedOutputStream(new DigestOutputStream(program.getOutputStream(), hasher), 1 << 16)) {
            LayerTar tar = new LayerTar(out);
            for (Entry entry : plan) {
                tar.write(entry);
            }
            tar.end();
        }
        if (program.waitFor() != 0) {
            throw new IOException(input.compression().compress + " failed");
        }
        Blob blob = new Blob(Digest.sha256(compressed), Files.size(compressed));
        Files.move(compressed, blobs.resolve(blob.digest().hex()), StandardCopyOption.REPLACE_EXISTING);
        return new Layer(blob, Digest.of("sha256", hasher.digest()));
    }

    private Blob manifest(List<Layer> layers) throws IOException {
        String contents =
                layers.stream().map(layer -> "\"" + layer.content() + "\"").collect(Collectors.joining(","));
        Blob config = text("""
                {"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[%s]}}""".formatted(contents));
        String type = "application/vnd.oci.image.layer.v1.tar" + input.compression().suffix;
        String descriptors =
                layers.stream().map(layer -> descriptor(type, layer.blob())).collect(Collectors.joining(","));
        return text("""
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}""".formatted(descriptor("application/vnd.oci.image.config.v1+json", config), descriptors));
    }

    private Blob text(String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        Blob blob = new Blob(Digest.sha256(bytes), bytes.length);
        Files.write(blobs.resolve(blob.digest().hex()), bytes);
        return blob;
    }

    private static String descriptor(String type, Blob blob) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}".formatted(type, blob.digest(), blob.size());
    }

    private static String tagged(Blob manifest, String tag) {
        return """
                {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":%d,\
                "annotations":{"org.opencontainers.image.ref.name":"%s"}}""".formatted(manifest.digest(), manifest.size(), tag);
    }
}
