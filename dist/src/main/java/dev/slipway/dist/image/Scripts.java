package dev.slipway.dist.image;

import dev.slipway.base.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The start scripts, which lie beside this class's package as resources with two words to fill in. */
public final class Scripts {
    private Scripts() {}

    /** A script with its JVM flags, one a line, and the file name of its main jar. */
    public static String fill(String name, List<String> flags, String jar) {
        return text(name).replace("@FLAGS@", String.join(" \\\n    ", flags)).replace("@JAR@", jar);
    }

    /** The lines of a text resource, without blank ones and comments. */
    public static List<String> lines(String name) {
        return text(name)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(
                Scripts.class.getResourceAsStream("/dev/slipway/dist/" + name), () -> "no resource " + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + name, e);
        }
    }
}
