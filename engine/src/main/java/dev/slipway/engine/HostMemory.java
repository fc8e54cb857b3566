package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The memory that this process may use, as the host or its container limits it. */
final class HostMemory {
    private static final Path HOST = Path.of("/proc/meminfo");
    private static final List<Path> CONTAINER =
            List.of(Path.of("/sys/fs/cgroup/memory.max"), Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    private static final String TOTAL = "MemTotal:";

    private HostMemory() {}

    /** Bytes; four times the Java heap's maximum where the host does not say: its usual share is a quarter. */
    static long bytes() {
        long otherwise = 4 * Runtime.getRuntime().maxMemory();
        return Stream.concat(Stream.of(total()), CONTAINER.stream().map(HostMemory::limit))
                .filter(bytes -> bytes > 0)
                .min(Long::compare)
                .orElse(otherwise);
    }

    private static long total() {
        return lines(HOST).stream()
                .filter(line -> line.startsWith(TOTAL))
                .map(line ->
                        number(line.substring(TOTAL.length()).replace("kB", "").strip()) << 10)
                .findFirst()
                .orElse(0L);
    }

    private static long limit(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? 0 : number(lines.getFirst().strip());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** 0 for what is no number, such as {@code max}. */
    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
