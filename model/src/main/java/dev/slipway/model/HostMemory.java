package dev.slipway.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The memory that this process can still get: what the host has left, and what the control groups around the process allow.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#memory">Control group v2, memory</a>
 */
@FunctionalInterface
public interface HostMemory {
    /** Bytes; pages of files that can be dropped count as free. {@link Long#MAX_VALUE} when nobody says. */
    long available();

    /** This host. */
    static HostMemory here() {
        return of(Path.of("/"));
    }

    /**
     * A host whose files lie below another folder.
     *
     * @param root where {@code proc} and {@code sys} are
     */
    static HostMemory of(Path root) {
        return () -> Stream.concat(
                        Stream.of(number(root.resolve("proc/meminfo"), "MemAvailable:", 1 << 10)),
                        groups(root).map(HostMemory::room))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** The folders of the process's control group and of those around it, of either version. */
    private static Stream<Path> groups(Path root) {
        Path all = root.resolve("sys/fs/cgroup");
        Path old = all.resolve("memory");
        Stream<Path> own = lines(root.resolve("proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::/") || line.contains(":memory:/"))
                .flatMap(line -> {
                    Path top = line.startsWith("0::") ? all : old;
                    Path group =
                            top.resolve(line.substring(line.indexOf(":/") + 2)).normalize();
                    return Stream.iterate(group, folder -> folder.startsWith(top), HostMemory::parent);
                });
        // Inside a container the process's own group often is the top that is shown.
        return Stream.concat(own, Stream.of(all, old)).distinct();
    }

    private static Path parent(Path folder) {
        Path parent = folder.getParent();
        return parent == null ? Path.of("") : parent;
    }

    private static OptionalLong room(Path group) {
        OptionalLong limit = first(group, "memory.max", "memory.limit_in_bytes");
        if (limit.isEmpty()) {
            return limit;
        }
        long used = first(group, "memory.current", "memory.usage_in_bytes").orElse(0);
        Path statistics = group.resolve("memory.stat");
        long droppable = number(statistics, "inactive_file", 1).orElse(0)
                + number(statistics, "active_file", 1).orElse(0);
        return OptionalLong.of(Math.max(0, limit.getAsLong() - Math.max(0, used - droppable)));
    }

    private static OptionalLong first(Path group, String... names) {
        return Stream.of(names)
                .map(name -> number(group.resolve(name), "", 1))
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    /** The number on the line that begins with a word; empty for what is no number, such as {@code max}. */
    private static OptionalLong number(Path file, String word, long unit) {
        for (String line : lines(file)) {
            String[] words = line.strip().split("\\s+");
            String text = word.isEmpty() ? words[0] : words.length > 1 && words[0].equals(word) ? words[1] : "";
            if (text.matches("[0-9]{1,15}")) {
                return OptionalLong.of(Long.parseLong(text) * unit);
            }
        }
        return OptionalLong.empty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
