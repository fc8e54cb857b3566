package dev.slipway.dist.runtime;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ErrorKind;
import dev.slipway.dist.DistException;
import dev.slipway.dist.fingerprint.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java runtime with nothing but the modules that a program needs, made by {@code jlink}. */
public final class JavaRuntime {
    private static final List<String> OPTIONS = List.of("--strip-debug", "--no-header-files", "--no-man-pages");

    private JavaRuntime() {}

    /**
     * Links a runtime, unless the folder holds the same one already.
     *
     * @param jdk the JDK that is linked from
     * @param modules names of modules; what they need comes with them
     * @return a word for all that the runtime was made from
     */
    public static String link(Path jdk, List<String> modules, Path folder) {
        Path tool = jdk.resolve("bin/jlink");
        if (!Files.isExecutable(tool)) {
            throw new DistException(
                    "dist.no-jlink",
                    ErrorKind.NOT_FOUND,
                    "Packaging failed: " + jdk + " has no jlink.",
                    "Install a complete JDK 25 or newer, not a runtime alone, and set SLIPWAY_JAVA_HOME to it.",
                    null);
        }
        String fingerprint = new Fingerprint()
                .add(jdk.resolve("release"))
                .add(String.join(",", modules))
                .add(String.join(" ", OPTIONS))
                .text();
        Path mark = folder.resolveSibling(folder.getFileName() + ".fingerprint");
        if (Fingerprint.matches(mark, fingerprint) && Files.isDirectory(folder)) {
            return fingerprint;
        }
        try {
            Files.deleteIfExists(mark);
            AtomicFiles.deleteRecursively(folder);
            Files.createDirectories(folder.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw AtomicFiles.explain("clear " + folder, e);
        }
        List<String> command = new ArrayList<>(List.of(tool.toString(), "--add-modules", String.join(",", modules)));
        command.addAll(OPTIONS);
        command.addAll(List.of("--output", folder.toString()));
        Command.run("link a Java runtime", jdk, command, System.getenv());
        Fingerprint.write(mark, fingerprint);
        return fingerprint;
    }
}
