package dev.slipway.http.jetty;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the process that listens on a port, where the system tells: Linux, and processes of this user.
 *
 * @see <a href="https://docs.kernel.org/networking/proc_net_tcp.html">/proc/net/tcp</a>
 */
final class PortOwner {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int STATE_COLUMN = 3;
    private static final int INODE_COLUMN = 9;

    private PortOwner() {}

    /** Such as {@code java (process 4711)}. */
    static Optional<String> find(int port) {
        try {
            Set<String> sockets = new HashSet<>();
            for (String table : List.of("net/tcp", "net/tcp6")) {
                listening(PROC.resolve(table), port, sockets);
            }
            return sockets.isEmpty() ? Optional.empty() : owner(sockets);
        } catch (IOException | RuntimeException e) {
            // A better message is all that is lost.
            return Optional.empty();
        }
    }

    private static void listening(Path table, int port, Set<String> into) throws IOException {
        if (!Files.isReadable(table)) {
            return;
        }
        String suffix = String.format(":%04X", port);
        for (String line : Files.readAllLines(table)) {
            String[] columns = BLANKS.split(line.strip());
            if (columns.length > INODE_COLUMN
                    && columns[1].endsWith(suffix)
                    && LISTENING.equals(columns[STATE_COLUMN])) {
                into.add("socket:[" + columns[INODE_COLUMN] + "]");
            }
        }
    }

    private static Optional<String> owner(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    String name = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(name + " (process " + process.getFileName() + ")");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            // Another user's process, or one that has just ended.
            return false;
        }
        return false;
    }
}
