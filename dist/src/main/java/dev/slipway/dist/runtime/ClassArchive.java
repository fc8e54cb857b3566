package dev.slipway.dist.runtime;

import dev.slipway.base.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A class-data archive: a program's classes, parsed and linked ahead, which the JVM maps instead of reading jars. The
 * same jars, runtime and list of classes give the same bytes; a JVM that finds its jars changed leaves the archive
 * alone.
 */
public final class ClassArchive {
    private ClassArchive() {}

    /**
     * Writes an archive.
     *
     * @param runtime the Java runtime that will use it
     * @param flags the flags that the program will be started with
     * @param folder where relative paths begin; what is in the archive depends on the paths as they are given
     * @param jar the program's jar, relative to the folder
     * @param classes names of classes worth having, with slashes; those that do not exist are passed over
     * @param archive the file to write, relative to the folder
     */
    public static void write(
            Path runtime, List<String> flags, Path folder, Path jar, List<String> classes, Path archive) {
        try {
            Path list = Files.createTempFile("slipway-", ".classlist");
            try {
                Files.write(list, withThoseOf(runtime, classes));
                List<String> command = new ArrayList<>();
                command.add(runtime.resolve("bin/java").toString());
                command.addAll(flags);
                command.addAll(List.of(
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + archive,
                        "-cp",
                        jar.toString()));
                Command.run("archive the classes of " + jar, folder, command);
            } finally {
                Files.deleteIfExists(list);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("archive the classes of " + jar, e);
        }
    }

    /** The runtime brings a list of its own classes that every program uses. */
    private static List<String> withThoseOf(Path runtime, List<String> classes) throws IOException {
        Path own = runtime.resolve("lib/classlist");
        if (!Files.exists(own)) {
            return classes;
        }
        try (Stream<String> lines = Files.lines(own)) {
            return Stream.concat(lines, classes.stream()).toList();
        }
    }
}
