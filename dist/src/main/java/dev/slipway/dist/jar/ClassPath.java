package dev.slipway.dist.jar;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ErrorKind;
import dev.slipway.dist.DistException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * A program: its main jar, and the jars that the manifest of that one names, in its order.
 *
 * @param main the jar to start
 * @param others the jars beside it
 */
public record ClassPath(Path main, List<Path> others) {
    private static final String OURS = "slipway-";

    public ClassPath {
        others = List.copyOf(others);
    }

    /**
     * Finds a program among the jars of a wider class path.
     *
     * @param artifact the main jar's name without version, such as {@code slipway-backend}
     * @param available class path with all that the program may need
     */
    public static ClassPath of(String artifact, String available) {
        Map<String, Path> byName = new HashMap<>();
        for (String entry : available.split(File.pathSeparator)) {
            Path path = Path.of(entry);
            Path name = path.getFileName();
            if (name != null && name.toString().endsWith(".jar")) {
                byName.put(name.toString(), path);
            }
        }
        Path main = byName.entrySet().stream()
                .filter(entry -> entry.getKey().matches(artifact + "-\\d.*\\.jar"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> missing(artifact));
        List<Path> others = new ArrayList<>();
        for (String name : namedBy(main)) {
            Path path = byName.get(name);
            if (path == null) {
                throw missing(name);
            }
            others.add(path);
        }
        return new ClassPath(main, others);
    }

    private static List<String> namedBy(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            String names = file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return names == null ? List.of() : List.of(names.strip().split(" +"));
        } catch (IOException e) {
            throw AtomicFiles.explain("read the manifest of " + jar, e);
        }
    }

    private static DistException missing(String name) {
        return new DistException(
                "dist.missing-jar",
                ErrorKind.NOT_FOUND,
                "Packaging failed: " + name + " is not among the jars that were built.",
                "Run ./mvnw package, which builds all of them, jars and not only classes.",
                null);
    }

    /** All jars, the main one first. */
    public List<Path> all() {
        List<Path> all = new ArrayList<>();
        all.add(main);
        all.addAll(others);
        return all;
    }

    /** The jars of this project. */
    public List<Path> application() {
        return all().stream().filter(ClassPath::isOurs).toList();
    }

    /** The jars of others. */
    public List<Path> libraries() {
        return all().stream().filter(jar -> !isOurs(jar)).toList();
    }

    /** A jar's file name. */
    public static String name(Path jar) {
        Path name = jar.getFileName();
        return name == null ? "" : name.toString();
    }

    private static boolean isOurs(Path jar) {
        return name(jar).startsWith(OURS);
    }
}
