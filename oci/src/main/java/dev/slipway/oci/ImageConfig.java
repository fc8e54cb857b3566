package dev.slipway.oci;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Digest;
import dev.slipway.oci.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * What an image runs and what its layers hash to when uncompressed.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">OCI image-spec, image
 *     configuration</a>
 */
public final class ImageConfig {
    /** Longer configs are refused. */
    public static final ByteSize MAX_SIZE = ByteSize.ofMebibytes(8);

    private final byte[] bytes;
    private final Platform platform;
    private final List<Digest> diffIds;
    private final Execution execution;

    /**
     * The part that says how to run the image.
     *
     * @param user empty for root
     * @param workingDirectory empty for the root folder
     */
    public record Execution(
            List<String> entrypoint,
            List<String> command,
            List<String> environment,
            String user,
            String workingDirectory,
            Map<String, String> labels) {
        public Execution {
            entrypoint = List.copyOf(entrypoint);
            command = List.copyOf(command);
            environment = List.copyOf(environment);
            labels = Map.copyOf(labels);
        }

        /** Nothing said. */
        public static Execution none() {
            return new Execution(List.of(), List.of(), List.of(), "", "", Map.of());
        }
    }

    private ImageConfig(byte[] bytes, JsonObject json) {
        this.bytes = bytes.clone();
        this.platform = new Platform(
                json.string("os").orElse(""),
                json.string("architecture").orElse(""),
                json.string("variant").filter(text -> !text.isEmpty()));
        this.diffIds = json.object("rootfs").map(rootfs -> rootfs.strings("diff_ids")).orElse(List.of()).stream()
                .map(Digest::parse)
                .toList();
        this.execution = json.object("config").map(ImageConfig::execution).orElseGet(Execution::none);
    }

    private static Execution execution(JsonObject config) {
        return new Execution(
                config.strings("Entrypoint"),
                config.strings("Cmd"),
                config.strings("Env"),
                config.string("User").orElse(""),
                config.string("WorkingDir").orElse(""),
                config.stringMap("Labels"));
    }

    public static ImageConfig parse(byte[] bytes) {
        return new ImageConfig(bytes, JsonObject.parse(bytes, "an image config", MAX_SIZE));
    }

    /** The exact bytes; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public Platform platform() {
        return platform;
    }

    /** The digests of the uncompressed layers, lowest first. */
    public List<Digest> diffIds() {
        return diffIds;
    }

    public Execution execution() {
        return execution;
    }
}
