package dev.slipway.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./slipway} in a small checkout whose build and program are scripts that say what they were asked. */
class RootScriptTest {
    /** Builds a distribution that prints its arguments; counts the builds; fails when told to. */
    private static final String MAVEN = """
            #!/bin/sh
            root=$(dirname "$0")
            echo "built with $*" >>"$root/builds"
            echo "[INFO] Building slipway-base 0.1.0                [1/2]"
            if [ -f "$root/broken" ]; then
                echo "[ERROR] COMPILATION ERROR :"
                echo "[ERROR] Base.java:[1,1] cannot find symbol"
                exit 1
            fi
            sleep "${BUILD_SECONDS:-0}"
            mkdir -p "$root/dist/target/slipway/bin"
            printf '#!/bin/sh\\necho "ran: $*"\\n' >"$root/dist/target/slipway/bin/slipway"
            chmod +x "$root/dist/target/slipway/bin/slipway"
            echo "dist: packing the backend's image"
            touch "$root/dist/target/slipway/.built"
            """;

    @TempDir
    private Path folder;

    private Path checkout;
    private Path source;

    @BeforeEach
    void checkOut() throws IOException {
        checkout = Files.createDirectories(folder.resolve("a checkout"));
        for (String name : List.of("slipway", ".mvn/find-jdk.sh", "LICENSE", "NOTICE")) {
            Path file = checkout.resolve(name);
            Files.createDirectories(file.getParent());
            Files.copy(PackedBackend.REPOSITORY.resolve(name), file);
        }
        script("mvnw", MAVEN);
        source = checkout.resolve("base/src/main/java/Base.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class Base {}");
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.writeString(checkout.resolve("base/pom.xml"), "<project/>");
        Files.createDirectories(checkout.resolve("demo-model"));
        Files.writeString(checkout.resolve("demo-model/slipway-demo.gguf"), "GGUF");
        Files.createDirectories(checkout.resolve("dist"));
        age();
    }

    private void script(String name, String text) throws IOException {
        Path file = checkout.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Makes all that is there older than what comes. */
    private void age() throws IOException {
        FileTime past = FileTime.from(Instant.now().minusSeconds(100));
        try (var paths = Files.walk(checkout)) {
            for (Path path : paths.toList()) {
                Files.setLastModifiedTime(path, past);
            }
        }
    }

    private record Outcome(int exit, String output) {}

    private static Process start(Path script, String... variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "chat", "two words")
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true);
        builder.environment().put("SLIPWAY_JAVA_HOME", System.getProperty("java.home"));
        for (String variable : variables) {
            String[] parts = variable.split("=", 2);
            if (parts[1].isEmpty()) {
                builder.environment().remove(parts[0]);
            } else {
                builder.environment().put(parts[0], parts[1]);
            }
        }
        return builder.start();
    }

    private static Outcome finish(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output);
    }

    private Outcome run(String... variables) throws Exception {
        return finish(start(checkout.resolve("slipway"), variables));
    }

    private List<String> builds() throws IOException {
        Path file = checkout.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void theFirstRunBuildsShowsItsStepsAndHandsOver() throws Exception {
        Outcome outcome = run();
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.output()).contains("[1/2] base", "packing the backend's image", "ran: chat two words");
        assertThat(builds()).hasSize(1);
    }

    @Test
    void theSecondRunOnlyHandsOver() throws Exception {
        run();
        assertThat(run().output()).isEqualTo("ran: chat two words\n");
        assertThat(builds()).hasSize(1);
    }

    @Test
    void aChangedOrDeletedSourceIsBuiltAgain() throws Exception {
        run();
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        run();
        assertThat(builds()).hasSize(2);
        age();
        Files.setLastModifiedTime(
                checkout.resolve("dist/target/slipway/.built"),
                FileTime.from(Instant.now().minusSeconds(50)));
        Files.delete(source);
        run();
        assertThat(builds()).hasSize(3);
    }

    @Test
    void aFailedBuildShowsTheFirstErrorsAndWhereTheLogIs() throws Exception {
        Files.writeString(checkout.resolve("broken"), "");
        Outcome outcome = run();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("cannot find symbol", "dist/target/build.log")
                .doesNotContain("ran:");
        Files.delete(checkout.resolve("broken"));
        assertThat(run().output()).contains("ran: chat two words");
    }

    @Test
    void itIsFoundThroughALinkFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), checkout.resolve("slipway"));
        Outcome outcome = finish(start(link));
        assertThat(outcome.output()).contains("ran: chat two words");
    }

    @Test
    void twoAtATimeBuildOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(start(checkout.resolve("slipway"), "BUILD_SECONDS=1"));
        }
        for (Process process : processes) {
            assertThat(finish(process).output()).contains("ran: chat two words");
        }
        assertThat(builds()).hasSize(1);
    }

    @Test
    void aLockThatADeadProcessLeftIsBroken() throws Exception {
        Path lock = Files.createDirectories(checkout.resolve("dist/target/build.lock"));
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
        assertThat(run().output()).contains("ran: chat two words");
        assertThat(lock).doesNotExist();
    }

    @Test
    void withoutAUsableHomeMavenKeepsItsFilesInTheCheckout() throws Exception {
        run("HOME=");
        assertThat(builds())
                .singleElement()
                .asString()
                .contains("-Dmaven.repo.local=" + checkout + "/.home/.m2/repository");
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() throws Exception {
        Outcome outcome = run("SLIPWAY_JAVA_HOME=/nonexistent");
        assertThat(outcome.exit()).isEqualTo(10);
        assertThat(outcome.output()).contains("SLIPWAY_JAVA_HOME is /nonexistent");
        assertThat(builds()).isEmpty();
    }
}
