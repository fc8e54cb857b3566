package dev.slipway.dist.image;

import dev.slipway.base.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder in which an image's tree is put together. It lies in the system's temporary folder under a name of fixed
 * length, wherever the checkout lies: what is in a class archive depends a little on where it was written.
 */
record Stage(Path folder) implements AutoCloseable {
    private static final int RANDOM_BYTES = 4;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    /**
     * Makes a stage.
     *
     * @param fallback where to make it when programs cannot be started from the temporary folder
     */
    static Stage create(Path fallback) throws IOException {
        Stage stage = in(Path.of(System.getProperty("java.io.tmpdir")));
        if (stage.startsPrograms()) {
            return stage;
        }
        stage.close();
        return in(fallback);
    }

    private static Stage in(Path parent) throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        Path folder =
                parent.toAbsolutePath().resolve("slipway-pack-" + HexFormat.of().formatHex(random));
        return new Stage(Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE)));
    }

    /** Temporary folders are sometimes mounted so that nothing in them can be started. */
    private boolean startsPrograms() throws IOException {
        Path probe = Files.createFile(folder.resolve("probe"), PosixFilePermissions.asFileAttribute(PRIVATE));
        boolean executable = Files.isExecutable(probe);
        Files.delete(probe);
        return executable;
    }

    /** Copies a folder with all that is in it, symbolic links as such. */
    static void copy(Path from, Path to) throws IOException {
        for (Path path : below(from)) {
            Files.copy(
                    path,
                    to.resolve(from.relativize(path)),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Dates everything in a folder to the beginning of 1970. */
    static void forgetTimes(Path folder) throws IOException {
        FileTime beginning = FileTime.fromMillis(0);
        for (Path path : below(folder)) {
            Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(beginning, null, null);
        }
    }

    /** The folder itself comes first. */
    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.toList();
        }
    }

    @Override
    public void close() throws IOException {
        AtomicFiles.deleteRecursively(folder);
    }
}
