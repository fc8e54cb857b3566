package dev.slipway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the checkout under test lies. */
public final class Repository {
    public static final Path ROOT = Path.of(System.getProperty("slipway.repository", ".."))
            .toAbsolutePath()
            .normalize();

    /** What the package phase of {@code dist} made. */
    public static final Path DISTRIBUTION = ROOT.resolve("dist/target/slipway");

    private Repository() {}

    /** All Java sources of the product, without tests. */
    static List<Path> mainSources() {
        return sources("src/main/java");
    }

    static List<Path> testSources() {
        return sources("src/test/java");
    }

    static List<Path> modules() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sources(String below) {
        return modules().stream()
                .map(module -> module.resolve(below))
                .filter(Files::isDirectory)
                .flatMap(Repository::javaFiles)
                .toList();
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
