package dev.slipway.server;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ErrorKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The folder in which Slipway keeps what it holds: content, backends, models, logs. Several processes may share one.
 *
 * @param folder the home itself
 */
public record SlipwayHome(Path folder) {
    /** The version of the layout that this code reads and writes. */
    public static final int FORMAT = 1;

    private static final String FORMAT_FILE = "format";
    private static final long LONGEST_FORMAT_FILE = 64;
    /** Another process may be writing; what it left this long ago, a crash left. */
    private static final Duration STALE = Duration.ofHours(1);

    /** {@code $SLIPWAY_HOME}, else {@code $XDG_DATA_HOME/slipway}, else {@code ~/.local/share/slipway}. */
    public static Path defaultFolder(Map<String, String> environment) {
        String own = environment.getOrDefault("SLIPWAY_HOME", "");
        if (!own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        // A relative XDG path is to be ignored, says the specification.
        Path base =
                data.startsWith("/") ? Path.of(data) : Path.of(System.getProperty("user.home", "."), ".local", "share");
        return base.resolve("slipway").toAbsolutePath();
    }

    /**
     * Opens a home, making it when it is missing, and sweeps what a crash left.
     *
     * @throws ServerException {@code server.home-not-writable}, {@code server.home-too-new},
     *     {@code server.home-damaged}
     */
    public static SlipwayHome open(Path folder) {
        SlipwayHome home = new SlipwayHome(folder.toAbsolutePath().normalize());
        try {
            home.create();
            home.sweep();
            return home;
        } catch (IOException e) {
            throw home.notWritable(e);
        }
    }

    private void create() throws IOException {
        Files.createDirectories(folder);
        Path format = folder.resolve(FORMAT_FILE);
        if (Files.exists(format)) {
            checkFormat(format);
        } else {
            AtomicFiles.write(format, (FORMAT + "\n").getBytes(StandardCharsets.UTF_8));
        }
        for (Path part : new Path[] {content(), backends(), models(), logs()}) {
            Files.createDirectories(part);
        }
        if (!Files.isWritable(folder)) {
            throw new AccessDeniedException(folder.toString());
        }
    }

    private void checkFormat(Path file) throws IOException {
        String text = Files.size(file) > LONGEST_FORMAT_FILE
                ? ""
                : Files.readString(file).strip();
        if (!text.matches("[0-9]{1,9}")) {
            throw new ServerException(
                    "server.home-damaged",
                    ErrorKind.CORRUPT,
                    "Could not open the home " + folder + ": its file 'format' does not hold a number.",
                    "If this folder is Slipway's, write " + FORMAT + " into " + file + "; else choose another home.",
                    null);
        }
        if (Integer.parseInt(text) > FORMAT) {
            throw new ServerException(
                    "server.home-too-new",
                    ErrorKind.CONFLICT,
                    "Could not open the home " + folder + ": its layout is version " + text
                            + ", and this Slipway knows up to version " + FORMAT + ".",
                    "Use the newer Slipway that wrote it, or another home (--home or SLIPWAY_HOME).",
                    null);
        }
    }

    private void sweep() throws IOException {
        for (Path place : new Path[] {folder, models()}) {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(place, ".*.tmp")) {
                for (Path path : left) {
                    if (stale(path)) {
                        AtomicFiles.deleteRecursively(path);
                    }
                }
            }
        }
    }

    private static boolean stale(Path path) throws IOException {
        return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(Instant.now().minus(STALE));
    }

    private ServerException notWritable(IOException cause) {
        String reason = AtomicFiles.explain("write there", cause).getMessage();
        return new ServerException(
                "server.home-not-writable",
                ErrorKind.EXHAUSTED,
                "Could not use the home " + folder + ". " + reason,
                "Choose a folder that this user may write to, with --home or SLIPWAY_HOME.",
                cause);
    }

    /** Blobs and references, an OCI image layout. */
    public Path content() {
        return folder.resolve("content");
    }

    /** Installed backends. */
    public Path backends() {
        return folder.resolve("backends");
    }

    /** Model configurations and files. */
    public Path models() {
        return folder.resolve("models");
    }

    /** What backends write. */
    public Path logs() {
        return folder.resolve("logs");
    }
}
