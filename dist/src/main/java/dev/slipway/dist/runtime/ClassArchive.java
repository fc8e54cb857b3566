package dev.slipway.dist.runtime;

import dev.slipway.base.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A class-data archive: a program's classes, parsed and linked ahead, which the JVM maps instead of reading jars. A JVM
 * that finds its jars changed leaves the archive alone.
 *
 * <p>The same jars, runtime and names give the same bytes when environment and place are alike, too: an archive keeps
 * what writing it happened to resolve, and the JVM takes other paths for another locale or a much longer folder name.
 *
 * @param runtime the Java runtime that will use it
 * @param flags the flags that the program will be started with
 * @param classes names of classes worth having, with slashes; those that do not exist are passed over
 */
public record ClassArchive(Path runtime, List<String> flags, List<String> classes) {
    public ClassArchive {
        flags = List.copyOf(flags);
        classes = List.copyOf(classes);
    }

    /**
     * Writes an archive.
     *
     * @param folder where relative paths begin; what is in the archive depends on the paths as they are given
     * @param jar the program's jar, relative to the folder
     * @param archive the file to write, relative to the folder
     * @param environment the whole environment to write it in
     */
    public void write(Path folder, Path jar, Path archive, Map<String, String> environment) {
        try {
            Path list = Files.createTempFile("slipway-", ".classlist");
            try {
                Files.write(list, withThoseOfTheRuntime());
                List<String> command = new ArrayList<>();
                command.add(runtime.resolve("bin/java").toString());
                command.addAll(flags);
                command.addAll(List.of(
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + archive,
                        "-cp",
                        jar.toString()));
                Command.run("archive the classes of " + jar, folder, command, environment);
            } finally {
                Files.deleteIfExists(list);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("archive the classes of " + jar, e);
        }
    }

    /** The runtime brings a list of its own classes that every program uses. */
    private List<String> withThoseOfTheRuntime() throws IOException {
        Path own = runtime.resolve("lib/classlist");
        if (!Files.exists(own)) {
            return classes;
        }
        try (Stream<String> lines = Files.lines(own)) {
            return Stream.concat(lines, classes.stream()).toList();
        }
    }
}
