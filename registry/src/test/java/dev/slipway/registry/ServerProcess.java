package dev.slipway.registry;

import dev.slipway.base.ByteSize;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.oci.content.DiskContentStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A registry in a process of its own, which may be killed. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final URI address;

    private ServerProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Starts one over the content store in a folder. */
    static ServerProcess start(Path folder, String... jvmOptions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), ServerProcess.class.getName(), folder.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("the server ended before it listened");
        }
        return new ServerProcess(process, URI.create(line));
    }

    URI address() {
        return address;
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the server survived");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** What the process runs; ends with whoever started it. */
    public static void main(String[] arguments) throws Exception {
        HttpServerOptions listening = new HttpServerOptions(
                new InetSocketAddress("127.0.0.1", 0),
                ByteSize.ofMebibytes(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1));
        try (RegistryServer server = RegistryServer.start(
                DiskContentStore.open(Path.of(arguments[0])), RegistryOptions.defaults(), listening)) {
            System.out.println(server.uri());
            int end = System.in.read();
            System.exit(end < 0 ? 0 : 1);
        }
    }
}
