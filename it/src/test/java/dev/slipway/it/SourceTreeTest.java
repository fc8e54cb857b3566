package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What CONTRIBUTING.md asks of the files themselves. */
class SourceTreeTest {
    private static final int LONGEST_FILE = 600;
    private static final Pattern DEPENDENCY =
            Pattern.compile("<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern ERROR_CODE = Pattern.compile(
            "\"((?:base|fetch|http|oci|registry|model|gallery|engine|backend|runtime|server|cli|dist)\\.[a-z0-9]+(?:-[a-z0-9]+)*)\"");

    @Test
    void noSourceFileIsTooLongToReadInOneSitting() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : allSources()) {
            long lines = Files.readString(file).lines().count();
            if (lines > LONGEST_FILE) {
                tooLong.add(Repository.ROOT.relativize(file) + " has " + lines + " lines");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        TreeSet<Path> packages = new TreeSet<>();
        Repository.mainSources().forEach(file -> packages.add(file.getParent()));
        for (Path folder : packages) {
            Path info = folder.resolve("package-info.java");
            assertThat(info)
                    .as("every package says what it holds and is @NullMarked")
                    .exists();
            assertThat(Files.readString(info)).contains("@NullMarked");
        }
    }

    @Test
    void testsNeitherSleepNorPickPorts() throws IOException {
        for (Path file : Repository.testSources()) {
            if (!file.endsWith("SourceTreeTest.java")) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain("Thread.sleep(");
            }
        }
    }

    @Test
    void everyThirdPartyDependencyIsExplained() throws IOException {
        String explained = Files.readString(Repository.ROOT.resolve("docs/dependencies.md"));
        TreeSet<String> missing = new TreeSet<>();
        for (Path module : Repository.modules()) {
            Matcher dependency = DEPENDENCY.matcher(Files.readString(module.resolve("pom.xml")));
            while (dependency.find()) {
                String name = dependency.group(1) + ":" + dependency.group(2);
                if (!name.startsWith("dev.slipway:") && !explained.contains("`" + name + "`")) {
                    missing.add(name);
                }
            }
        }
        assertThat(missing)
                .as("dependencies without a line in docs/dependencies.md")
                .isEmpty();
    }

    @Test
    void everyErrorCodeIsDocumented() throws IOException {
        String documented = Files.readString(Repository.ROOT.resolve("docs/errors.md"));
        TreeSet<String> missing = new TreeSet<>();
        for (Path file : Repository.mainSources()) {
            Matcher code = ERROR_CODE.matcher(Files.readString(file));
            while (code.find()) {
                // Looks like a code, but is what Hugging Face calls a file.
                if (!code.group(1).equals("model.safetensors") && !documented.contains("`" + code.group(1) + "`")) {
                    missing.add(code.group(1));
                }
            }
        }
        assertThat(missing).as("error codes without a row in docs/errors.md").isEmpty();
    }

    @Test
    void linksBetweenDocumentsLead() throws IOException {
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                if (!link.group(1).contains("://") && !link.group(1).startsWith("mailto:")) {
                    assertThat(document.resolveSibling(link.group(1)).normalize())
                            .as("a link in " + Repository.ROOT.relativize(document))
                            .exists();
                }
            }
        }
    }

    private static List<Path> allSources() {
        return Stream.concat(Repository.mainSources().stream(), Repository.testSources().stream())
                .toList();
    }

    private static List<Path> documents() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : Stream.concat(
                        Stream.of(
                                Repository.ROOT,
                                Repository.ROOT.resolve("docs"),
                                Repository.ROOT.resolve("demo-model")),
                        Repository.modules().stream())
                .toList()) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(found::add);
            }
        }
        return found;
    }
}
