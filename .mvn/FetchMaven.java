import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;

/// Downloads, verifies and unpacks the pinned Maven for `./mvnw`, so that a JDK is all a fresh machine needs.
///
/// Arguments: the archive's URL, its SHA-512, and the folder that shall hold the unpacked Maven.
final class FetchMaven {
    private FetchMaven() {}

    public static void main(String[] args) throws Exception {
        URI archive = URI.create(args[0]);
        Path target = Path.of(args[2]);
        Files.createDirectories(target.getParent());
        Path staging = Files.createTempDirectory(target.getParent(), "maven-");
        try {
            Path file = staging.resolve("maven.tar.gz");
            download(archive, args[1], file);
            unpack(file, staging);
            publish(staging.resolve(target.getFileName()), target);
        } finally {
            delete(staging);
        }
    }

    private static void download(URI archive, String sha512, Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-512");
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(30))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(archive).timeout(Duration.ofMinutes(5)).build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new IOException(archive + " answered " + response.statusCode());
            }
            try (InputStream body = new DigestInputStream(response.body(), digest)) {
                Files.copy(body, file);
            }
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(sha512)) {
            throw new IOException(archive + " has SHA-512 " + found + ", expected " + sha512);
        }
    }

    private static void unpack(Path file, Path folder) throws Exception {
        Process tar = new ProcessBuilder("tar", "-xzf", file.toString(), "-C", folder.toString()).inheritIO().start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar could not unpack " + file);
        }
    }

    /// Another `./mvnw` may have finished first: its folder is as good as ours.
    private static void publish(Path unpacked, Path target) throws IOException {
        try {
            Files.move(unpacked, target);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException | AtomicMoveNotSupportedException e) {
            if (!Files.isExecutable(target.resolve("bin/mvn"))) {
                throw e;
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
