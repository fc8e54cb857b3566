package dev.slipway.oci.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs other people's programs, which judge our trees. */
final class Tools {
    /** Everything that GNU find knows of an entry, but the size of directories; a zero byte ends it. */
    static final String ALL = "%P\\t%y\\t%m\\t%U:%G\\t%n\\t%T@\\t%l\\0";

    private Tools() {}

    static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    static boolean isInstalled(String tool) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + tool)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /** What GNU find prints of a tree, sorted; the format must end entries with a zero byte. Names are bytes. */
    static List<String> find(Path root, String format) throws IOException, InterruptedException {
        return Arrays.stream(run(root, "find", ".", "-printf", format).split("\0"))
                .sorted()
                .toList();
    }

    /** What a successful command prints, one byte in each char. */
    static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + output)
                .isZero();
        return output;
    }

    /** A command line that runs a program of these tests, with flags for the JVM in front of its name. */
    static List<String> java(Path classes, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes + "/*:" + String.join(":", folders(classes))));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> folders(Path classes) {
        List<String> folders = new ArrayList<>();
        for (int i = 0; Files.isDirectory(classes.resolve("folder" + i)); i++) {
            folders.add(classes.resolve("folder" + i).toString());
        }
        return folders;
    }

    /** Copies our own class path to where another user can read it. */
    static Path readableClasses(Path folder) throws IOException, InterruptedException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int folders = 0;
        for (String entry : System.getProperty("java.class.path").split(":")) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                run(
                        folder,
                        "cp",
                        "-r",
                        entry,
                        classes.resolve("folder" + folders++).toString());
            } else if (path.getFileName().toString().startsWith("slipway-")) {
                run(folder, "cp", entry, classes.toString());
            }
        }
        run(folder, "chmod", "-R", "a+rX", classes.toString());
        run(folder, "chmod", "a+x", folder.toString());
        return classes;
    }
}
