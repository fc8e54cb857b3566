package dev.slipway.bench.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's {@code docker-registry} on a free port of the loopback interface: the same service for every program measured. */
final class LocalRegistry implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern SERVED = Pattern.compile("\"GET /v2/[^\"]*\" 20[06] (\\d+) ");

    private final Process process;
    private final Path log;
    private final Path data;
    private final String address;

    /** Starts one that keeps its content in the folder. */
    LocalRegistry(Path folder) throws IOException, InterruptedException {
        data = folder.resolve("data");
        Path configuration = folder.resolve("config.yml");
        log = folder.resolve("log");
        Files.createDirectories(data);
        Files.writeString(configuration, """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: '127.0.0.1:0'}
                """.formatted(data));
        process = new ProcessBuilder("docker-registry", "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        address = awaitAddress();
    }

    private String awaitAddress() throws IOException, InterruptedException {
        for (int i = 0; i < 200; i++) {
            Matcher line = LISTENING.matcher(Files.readString(log, StandardCharsets.ISO_8859_1));
            if (line.find()) {
                return line.group(1);
            }
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        process.destroyForcibly();
        throw new IOException("the registry did not start: " + Files.readString(log));
    }

    String address() {
        return address;
    }

    /** Copies both versions of an image here, unless they are here. */
    void push(Path layout, String repository) throws IOException, InterruptedException {
        for (String tag : new String[] {"first", "updated"}) {
            if (!Files.exists(
                    data.resolve("docker/registry/v2/repositories/%s/_manifests/tags/%s".formatted(repository, tag)))) {
                Shell.run("skopeo --insecure-policy copy -q --dest-tls-verify=false oci:%s:%s docker://%s/%s:%2$s"
                        .formatted(layout, tag, address, repository));
            }
        }
    }

    /** Reads all content once, so that no run pays for the registry's disk. */
    void warm() throws IOException, InterruptedException {
        Shell.run("find " + data + " -type f -exec cat {} + > /dev/null");
    }

    /** How many bytes of manifests and blobs it has sent so far. */
    long bytesServed() throws IOException {
        long sum = 0;
        Matcher line = SERVED.matcher(Files.readString(log, StandardCharsets.ISO_8859_1));
        while (line.find()) {
            sum += Long.parseLong(line.group(1));
        }
        return sum;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
