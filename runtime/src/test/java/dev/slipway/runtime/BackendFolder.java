package dev.slipway.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Writes backends into a folder, and looks at what became of their processes. */
final class BackendFolder {
    /** Starts {@link FakeBackend} in the place of the shell. */
    static final String FAKE = """
            exec "$FAKE_JAVA" --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$FAKE_CLASSES" \
            dev.slipway.runtime.FakeBackend "$@"
            """;

    static final LaunchTimes TIMES =
            new LaunchTimes(Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofSeconds(1));

    private final Path folder;

    BackendFolder(Path folder) {
        this.folder = folder;
    }

    /** A run.sh with these lines. */
    LaunchSpec script(String lines) throws IOException {
        Files.createDirectories(folder);
        Path script = Files.writeString(folder.resolve("run.sh"), "#!/bin/sh\n" + lines);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new LaunchSpec("fake", script, environment(), folder.resolve("logs/fake.log"));
    }

    static Map<String, String> environment() {
        return Map.of(
                "FAKE_JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "FAKE_CLASSES", System.getProperty("java.class.path"));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    List<String> lines(String name) throws IOException {
        return Files.exists(file(name)) ? Files.readAllLines(file(name)) : List.of();
    }

    /** Which of the process ids in a file still run; a zombie does not. */
    List<Long> running(String name) throws IOException {
        return lines(name).stream()
                .map(line -> Long.parseLong(line.strip()))
                .filter(BackendFolder::running)
                .toList();
    }

    static boolean running(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }
}
