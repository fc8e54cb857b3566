package dev.slipway.oci.transport.auth;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A program that keeps credentials, asked as Docker asks it.
 *
 * @see <a href="https://github.com/docker/docker-credential-helpers">docker-credential-helpers, the protocol</a>
 */
final class CredentialHelper {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_ANSWER = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final String name;
    private final Map<String, String> environment;
    private final Duration patience;

    CredentialHelper(String name, Map<String, String> environment) {
        this(name, environment, PATIENCE);
    }

    CredentialHelper(String name, Map<String, String> environment, Duration patience) {
        this.name = name;
        this.environment = environment;
        this.patience = patience;
    }

    /** What the helper has for a host. One that does not work is no reason to give up: much is open to everybody. */
    Credential credential(String host, Cancellation cancellation) {
        if (!NAME.matcher(name).matches()) {
            return failed("its name is malformed");
        }
        String server = host.equals(ImageReference.DOCKER_HUB) ? "https://index.docker.io/v1/" : host;
        try {
            ProcessBuilder builder = new ProcessBuilder(program(), "get");
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            Process process = builder.start();
            try (var _ = cancellation.onCancel(process::destroyForcibly)) {
                return ask(process, server, cancellation);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException _) {
            return failed("it cannot be run");
        }
    }

    /** The JVM looks programs up by its own PATH, which need not be the one handed in. */
    private String program() {
        String file = "docker-credential-" + name;
        for (String folder : environment.getOrDefault("PATH", "").split(":")) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, file);
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return file;
    }

    private Credential ask(Process process, String server, Cancellation cancellation) throws IOException {
        Thread watch = Thread.ofVirtual().name("credential-helper-watch").start(() -> {
            try {
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                // The answer is here.
            }
        });
        try {
            try (OutputStream out = process.getOutputStream()) {
                out.write(server.getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                // It may answer without reading.
            }
            byte[] answer;
            try (InputStream in = process.getInputStream()) {
                answer = in.readNBytes(MAX_ANSWER);
            }
            boolean ended = process.waitFor(1, TimeUnit.SECONDS);
            cancellation.throwIfCancelled();
            if (!ended || process.exitValue() != 0) {
                return refusal(new String(answer, StandardCharsets.UTF_8), ended ? process.exitValue() : -1);
            }
            JsonObject json = JsonObject.parse(answer, "the credential helper's answer", new ByteSize(MAX_ANSWER));
            return CredentialFile.of(
                    json.string("Username").orElse(""), json.string("Secret").orElse(""));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return failed("the wait for it was interrupted");
        } catch (OciException _) {
            return failed("its answer is malformed");
        } finally {
            watch.interrupt();
        }
    }

    private Credential refusal(String answer, int status) {
        boolean nothing = answer.toLowerCase(Locale.ROOT).contains("credentials not found");
        return nothing ? Credential.anonymous() : failed("it ended with status " + status);
    }

    private Credential failed(String why) {
        return new Credential.Anonymous("the credential helper docker-credential-" + name + " failed: " + why);
    }
}
