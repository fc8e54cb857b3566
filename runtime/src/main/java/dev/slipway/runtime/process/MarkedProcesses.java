package dev.slipway.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes that carry the mark of one launch in their environment, wherever they went. Linux only; else none. */
final class MarkedProcesses {
    private static final Path PROC = Path.of("/proc");

    private MarkedProcesses() {}

    static List<ProcessHandle> find(String mark) {
        List<ProcessHandle> found = new ArrayList<>();
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return found;
        }
        String wanted = "SLIPWAY_BACKEND_PROCESS=" + mark;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                if (environment(folder).contains(wanted)) {
                    ProcessHandle.of(Long.parseLong(folder.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            System.getLogger(MarkedProcesses.class.getName()).log(System.Logger.Level.DEBUG, "reading /proc", e);
        }
        return found;
    }

    private static String environment(Path folder) {
        try {
            return new String(Files.readAllBytes(folder.resolve("environ")), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Ended meanwhile, or another user's.
            return "";
        }
    }
}
