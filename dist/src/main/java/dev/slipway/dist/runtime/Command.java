package dev.slipway.dist.runtime;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ErrorKind;
import dev.slipway.dist.DistException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs a tool of the JDK to its end. */
final class Command {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Command() {}

    /** Runs a command in a folder; what it prints is shown only when it fails. */
    static void run(String what, Path folder, List<String> command, Map<String, String> environment) {
        try {
            Path output = Files.createTempFile("slipway-", ".log");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().clear();
                builder.environment().putAll(environment);
                // Options for every JVM of somebody's would make the result depend on who builds it.
                builder.environment().keySet().removeAll(Set.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
                Process process = builder.start();
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw failed(what, "it took more than " + PATIENCE.toMinutes() + " minutes");
                }
                if (process.exitValue() != 0) {
                    throw failed(
                            what,
                            Files.readString(output, StandardCharsets.UTF_8).strip());
                }
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(what, "it was interrupted");
        }
    }

    private static DistException failed(String what, String why) {
        return new DistException(
                "dist.tool-failed",
                ErrorKind.FAILURE,
                "Packaging failed: could not " + what + ": " + why,
                "A complete JDK 25 or newer is needed to build, with its jlink.",
                null);
    }
}
