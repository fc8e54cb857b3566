package dev.slipway.bench.registry;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A registry's process under measurement. */
final class Contender implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    final String name;
    final int port;
    private final Process process;

    private Contender(String name, int port, Process process) {
        this.name = name;
        this.port = port;
        this.process = process;
    }

    /** Ours, by the command line, with the flags of the launcher. */
    static Contender slipway(Path folder, List<String> launcher) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of("registry", "serve", "--addr", "127.0.0.1:" + port, "--dir", folder.toString()));
        return start("slipway", port, command, folder);
    }

    static Contender dockerRegistry(Path folder) throws Exception {
        int port = freePort();
        Path config = Files.createDirectories(folder).resolve("config.yml");
        Files.writeString(config, """
                version: 0.1
                log: {level: error, accesslog: {disabled: true}}
                storage:
                  filesystem: {rootdirectory: %s}
                  cache: {blobdescriptor: inmemory}
                  delete: {enabled: true}
                http: {addr: "127.0.0.1:%d"}
                """.formatted(folder.resolve("data"), port));
        return start("docker-registry", port, List.of("docker-registry", "serve", config.toString()), folder);
    }

    private static Contender start(String name, int port, List<String> command, Path folder) throws Exception {
        Path log = Files.createDirectories(folder).resolveSibling(name + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (System.nanoTime() - deadline < 0) {
            try (HttpLine line = new HttpLine(port)) {
                if (line.get(HttpLine.getRequest("/v2/")) == 200) {
                    return new Contender(name, port, process);
                }
            } catch (IOException _) {
                Thread.sleep(20);
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException(name + " did not start; see " + log);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
