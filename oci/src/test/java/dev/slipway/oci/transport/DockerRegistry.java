package dev.slipway.oci.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Cancellation;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import dev.slipway.fetch.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Debian's docker-registry, run for a test: with a password, and with TLS when asked. */
final class DockerRegistry implements AutoCloseable {
    static final String USER = "me";
    static final String PASSWORD = "hunter2-secret";
    /** The bcrypt of {@link #PASSWORD}. */
    private static final String HASH = "$2b$04$dsu7GEVpU44Auq/9a8GqlOhNCW.5hL5DEDtN7TltlUeE0AFN9S6V6";

    private static final int STARTS = 5;

    private final Process process;
    private final int port;
    private final Path folder;

    private DockerRegistry(Process process, int port, Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    static boolean isInstalled(String tool) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + tool)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /** Starts one that keeps its content in {@code folder}. */
    static DockerRegistry start(Path folder, boolean password, boolean tls) throws Exception {
        Files.createDirectories(folder);
        if (tls) {
            makeCertificates(folder);
        }
        for (int attempt = 1; ; attempt++) {
            // The registry cannot choose a free port by itself: another process may be faster, then it ends.
            int port = freePort();
            Path config = folder.resolve("config.yml");
            Files.writeString(config, config(folder, port, password, tls));
            Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            DockerRegistry registry = new DockerRegistry(process, port, folder);
            if (registry.awaitAnswer(tls)) {
                return registry;
            }
            registry.close();
            assertThat(attempt).as(Files.readString(folder.resolve("log"))).isLessThan(STARTS);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String config(Path folder, int port, boolean password, boolean tls) throws IOException {
        String text = "version: 0.1\nlog:\n  level: info\nstorage:\n  filesystem:\n    rootdirectory: "
                + folder.resolve("data") + "\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:" + port + "\n";
        if (tls) {
            text += "  tls:\n    certificate: " + folder.resolve("server.pem") + "\n    key: "
                    + folder.resolve("server.key") + "\n";
        }
        if (password) {
            Files.writeString(folder.resolve("htpasswd"), USER + ":" + HASH + "\n");
            text += "auth:\n  htpasswd:\n    realm: told\n    path: " + folder.resolve("htpasswd") + "\n";
        }
        return text;
    }

    private static void makeCertificates(Path folder) throws Exception {
        Files.writeString(folder.resolve("extensions"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
        run(
                folder,
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=our own",
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt");
        run(
                folder,
                "openssl",
                "req",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-keyout",
                "server.key",
                "-out",
                "server.csr");
        run(
                folder,
                "openssl",
                "x509",
                "-req",
                "-in",
                "server.csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                "extensions",
                "-out",
                "server.pem");
    }

    private boolean awaitAnswer(boolean tls) {
        URI address = URI.create((tls ? "https" : "http") + "://" + host() + "/v2/");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try (Fetcher fetcher = Fetcher.create(FetchOptions.defaults(), _ -> TlsSettings.DEFAULT.withVerified(false))) {
            while (process.isAlive() && System.nanoTime() < deadline) {
                try (FetchResponse response = fetcher.send(FetchRequest.get(address), Cancellation.never())) {
                    return response.status() == 200 || response.status() == 401;
                } catch (RuntimeException _) {
                    LockSupport.parkNanos(20_000_000);
                }
            }
            return false;
        }
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    Path authority() {
        return folder.resolve("ca.crt");
    }

    static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + "\n" + output)
                .isZero();
        return output;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
