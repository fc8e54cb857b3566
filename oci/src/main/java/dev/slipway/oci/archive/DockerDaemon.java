package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.oci.transport.Destination;
import dev.slipway.oci.transport.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Docker daemon, or another program that speaks its API, such as podman's service: images go there and come from there as
 * Docker archives.
 *
 * @see <a href="https://docs.docker.com/reference/api/engine/">Docker Engine API, ImageGet and ImageLoad</a>
 */
public final class DockerDaemon {
    private static final ByteSize MAX_MESSAGE = ByteSize.ofMebibytes(4);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final UnixHttp http;

    private DockerDaemon(UnixHttp http) {
        this.http = http;
    }

    /** The daemon that listens on a socket. */
    public static DockerDaemon at(Path socket) {
        return at(socket, PATIENCE);
    }

    static DockerDaemon at(Path socket, Duration patience) {
        return new DockerDaemon(new UnixHttp(socket, patience));
    }

    /**
     * The daemon that {@code DOCKER_HOST} names, or else the first of the usual sockets that exists: Docker's, then podman's.
     *
     * @param environment the process's variables
     * @throws OciException {@code oci.no-daemon}
     */
    public static DockerDaemon find(Map<String, String> environment) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        if (host.startsWith("unix://")) {
            return at(Path.of(host.substring("unix://".length())));
        }
        if (!host.isEmpty()) {
            throw missing(
                    "DOCKER_HOST is '" + host + "', and only Unix sockets are spoken to", "Set it to unix:///path.");
        }
        List<Path> usual = new ArrayList<>(List.of(Path.of("/var/run/docker.sock")));
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isEmpty()) {
            usual.add(Path.of(runtime, "docker.sock"));
            usual.add(Path.of(runtime, "podman/podman.sock"));
        }
        usual.add(Path.of("/run/podman/podman.sock"));
        return usual.stream()
                .filter(Files::exists)
                .findFirst()
                .map(DockerDaemon::at)
                .orElseThrow(() -> missing(
                        "none of its usual sockets is there: "
                                + String.join(
                                        ", ", usual.stream().map(Path::toString).toList()),
                        "Start it, or set DOCKER_HOST."));
    }

    private static OciException missing(String why, String hint) {
        return new OciException(
                "oci.no-daemon", ErrorKind.UNREACHABLE, "Looking for a Docker daemon failed: " + why + ".", hint, null);
    }

    private String description() {
        return "the Docker daemon at " + http.socket();
    }

    /**
     * Takes an image out of the daemon's keeping, into a temporary file that is gone when the source is closed.
     *
     * @throws OciException {@code oci.unknown-reference}, {@code oci.daemon-refused}, {@code oci.daemon-unreachable}
     */
    public ImageSource source(ImageReference reference, Cancellation cancellation) {
        try (UnixAnswer answer = http.get("/images/" + reference + "/get", cancellation)) {
            requireSuccess(answer, "Taking " + reference + " from " + description());
            ImageFiles files = TarFiles.spool(answer.body(), description(), cancellation);
            // The archive holds what was asked for only, though perhaps under another spelling of its name.
            return DockerArchiveSource.open(files, Optional.empty());
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("take " + reference + " from " + description(), e);
        }
    }

    /** A place for an image in the daemon's keeping; it gets there at once when it is published. */
    public Destination destination(ImageReference reference) {
        return DaemonDestination.create(this, description(), reference);
    }

    /** Has the daemon take in the images of an archive. */
    void load(Path archive, Cancellation cancellation) {
        String attempted = "Giving an image to " + description();
        try (InputStream in = Files.newInputStream(archive);
                UnixAnswer answer =
                        http.post("/images/load?quiet=1", "application/x-tar", Files.size(archive), in, cancellation)) {
            requireSuccess(answer, attempted);
            // The answer is a success before the work is done: what went wrong then stands in its body.
            for (JsonObject line : messages(answer)) {
                line.string("error").ifPresent(error -> {
                    throw refused(attempted, error, ErrorKind.FAILURE);
                });
            }
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("give an image to " + description(), e);
        }
    }

    private static void requireSuccess(UnixAnswer answer, String attempted) throws IOException {
        if (answer.status() == 200) {
            return;
        }
        String words = messages(answer).stream()
                .flatMap(line -> line.string("message").stream())
                .findFirst()
                .orElse("HTTP status " + answer.status());
        if (answer.status() == 404) {
            throw OciException.missing("oci.unknown-reference", attempted + " failed: " + words + ".");
        }
        throw refused(attempted, words, answer.status() == 403 ? ErrorKind.DENIED : ErrorKind.FAILURE);
    }

    private static OciException refused(String attempted, String words, ErrorKind kind) {
        String shown = SmallFiles.shown(words);
        return new OciException("oci.daemon-refused", kind, attempted + " failed. It said: " + shown, "", null);
    }

    /** The objects in a body, one in each line; what is no object is passed over. */
    private static List<JsonObject> messages(UnixAnswer answer) throws IOException {
        byte[] bytes = answer.body().readNBytes(Math.toIntExact(MAX_MESSAGE.bytes()));
        List<JsonObject> messages = new ArrayList<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\\R")) {
            try {
                messages.add(JsonObject.parse(line.getBytes(StandardCharsets.UTF_8), "an answer", MAX_MESSAGE));
            } catch (CodedException _) {
                // Some answers are plain text.
            }
        }
        return messages;
    }
}
