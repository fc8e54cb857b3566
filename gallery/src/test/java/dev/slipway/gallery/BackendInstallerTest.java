package dev.slipway.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ObjectLock;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackendInstallerTest {
    private static final String OLD = "#!/bin/sh\necho old\n";
    private static final String NEW = "#!/bin/sh\necho new\n";
    private static final GalleryEntry ECHO = GalleryEntry.of("echo", "x/echo");

    @TempDir
    private Path folder;

    private final FolderSource source = new FolderSource().with("x/echo", OLD);

    @Test
    void anInstalledBackendCanBeFoundAndStarted() throws IOException {
        GalleryEntry entry =
                new GalleryEntry("echo", "talk", "x/echo", List.of(), Map.of(), "7", GalleryEntry.Display.NONE);

        Installation done = installer().install(entry, ProgressListener.NONE, Cancellation.never());

        assertThat(done.changed()).isTrue();
        assertThat(done.bytesFetched()).isEqualTo(OLD.length());
        assertThat(Files.isSymbolicLink(folder.resolve("echo"))).isTrue();
        assertThat(Files.readString(folder.resolve("echo/run.sh"))).isEqualTo(OLD);
        assertThat(Files.readString(folder.resolve("echo/metadata.json")))
                .contains(
                        "\"name\" : \"echo\"",
                        "\"alias\" : \"talk\"",
                        "\"uri\" : \"x/echo\"",
                        "\"digest\" : \"sha256:");
        InstalledBackend found = InstalledBackends.list(folder).find("talk").orElseThrow();
        assertThat(found).isEqualTo(done.backend());
        assertThat(found.metadata().version()).isEqualTo("7");
        assertThat(Files.isExecutable(found.runScript())).isTrue();
        assertThat(Files.getPosixFilePermissions(folder.resolve("echo"))).contains(PosixFilePermission.OTHERS_EXECUTE);
        assertThat(found.runScript().toString()).as("fit for search paths").doesNotContain(":");
    }

    @Test
    void installingTwiceAsksNobody() throws IOException {
        install();
        Path before = folder.resolve("echo").toRealPath();

        Installation again = installer().install(ECHO, ProgressListener.NONE, Cancellation.never());

        assertThat(again.changed()).isFalse();
        assertThat(again.bytesFetched()).isZero();
        assertThat(source.asked()).containsExactly("x/echo");
        assertThat(folder.resolve("echo").toRealPath()).isEqualTo(before);
    }

    @Test
    void anUpgradeReplacesTheVersionAndKeepsOnlyTheOneBefore() throws IOException {
        install();
        for (String script : List.of(NEW, NEW + "# 3\n", NEW + "# 4\n")) {
            source.with("x/echo", script);
            assertThat(installer()
                            .upgrade(ECHO, ProgressListener.NONE, Cancellation.never())
                            .changed())
                    .isTrue();
            assertThat(Files.readString(folder.resolve("echo/run.sh"))).isEqualTo(script);
        }
        assertThat(versions()).hasSize(2);
        assertThat(installer()
                        .upgrade(ECHO, ProgressListener.NONE, Cancellation.never())
                        .changed())
                .as("nothing newer")
                .isFalse();

        source.with("x/echo", NEW + "# 3\n");
        installer().upgrade(ECHO, ProgressListener.NONE, Cancellation.never());
        assertThat(Files.readString(folder.resolve("echo/run.sh"))).endsWith("# 3\n");
        assertThat(versions()).hasSize(2);
    }

    @Test
    void anUpgradeCanBeTakenBackAndForth() throws IOException {
        install();
        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> installer().rollBack("echo", Cancellation.never()))
                .matches(e -> e.code().equals("gallery.no-previous-version"));
        source.with("x/echo", NEW);
        installer().upgrade(ECHO, ProgressListener.NONE, Cancellation.never());

        for (String script : List.of(OLD, NEW)) {
            installer().rollBack("echo", Cancellation.never());
            assertThat(Files.readString(folder.resolve("echo/run.sh"))).isEqualTo(script);
        }
    }

    @Test
    void mirrorsAreTriedInOrder() {
        GalleryEntry entry = new GalleryEntry(
                "echo", "", "x/gone", List.of("x/gone2", "x/echo"), Map.of(), "", GalleryEntry.Display.NONE);

        assertThat(installer()
                        .install(entry, ProgressListener.NONE, Cancellation.never())
                        .changed())
                .isTrue();
        assertThat(source.asked()).containsExactly("x/gone", "x/gone2", "x/echo");

        GalleryEntry nowhere =
                new GalleryEntry("nowhere", "", "x/a", List.of("x/b"), Map.of(), "", GalleryEntry.Display.NONE);
        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> installer().install(nowhere, ProgressListener.NONE, Cancellation.never()))
                .withMessage("Nothing at x/a");
        assertThat(InstalledBackends.list(folder).find("nowhere")).isEmpty();
    }

    @Test
    void whatHoldsNoRunScriptIsRefusedAndLeavesTheOldOne() throws IOException {
        install();
        for (String bad : List.of("", "not executable")) {
            source.with("x/echo", bad);
            assertThatExceptionOfType(GalleryException.class)
                    .isThrownBy(() -> installer().upgrade(ECHO, ProgressListener.NONE, Cancellation.never()))
                    .matches(e -> e.code().equals("gallery.not-a-backend"));
        }
        assertThat(Files.readString(folder.resolve("echo/run.sh"))).isEqualTo(OLD);
        assertThat(versions()).hasSize(1);
    }

    @Test
    void aFullDiskIsSaidSoAndLeavesTheOldOne() throws IOException {
        install();
        source.with("x/echo", NEW);
        BackendInstaller unlucky = new BackendInstaller(folder, source, step -> {
            if (step == InstallStep.UNPACKED) {
                throw new UncheckedIOException(new IOException(folder + ": No space left on device"));
            }
        });

        assertThatExceptionOfType(CodedException.class)
                .isThrownBy(() -> unlucky.upgrade(ECHO, ProgressListener.NONE, Cancellation.never()))
                .withMessageContaining("the disk is full")
                .matches(e -> e.code().equals("base.disk-full"));
        assertThat(Files.readString(folder.resolve("echo/run.sh"))).isEqualTo(OLD);
        assertThat(leftovers(folder)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(InstallStep.class)
    void anInstallerThatIsKilledLeavesTheOldBackendOrTheNewOrNone(InstallStep step) throws Exception {
        for (String before : List.of("", OLD)) {
            Path home = folder.resolve(before.isEmpty() ? "fresh" : "used");
            if (!before.isEmpty()) {
                new BackendInstaller(home, source).install(ECHO, ProgressListener.NONE, Cancellation.never());
            }

            assertThat(halt(home, step)).isEqualTo(HaltingInstall.HALTED);

            InstalledBackends listed = InstalledBackends.list(home);
            assertThat(listed.problems()).isEmpty();
            boolean switched = step.compareTo(InstallStep.LINKED) >= 0;
            List<String> scripts = new ArrayList<>();
            for (InstalledBackend backend : listed.backends()) {
                scripts.add(Files.readString(backend.runScript()));
            }
            assertThat(scripts)
                    .containsExactlyElementsOf(switched ? List.of(NEW) : before.isEmpty() ? List.of() : List.of(OLD));

            source.with("x/echo", NEW);
            new BackendInstaller(home, source).upgrade(ECHO, ProgressListener.NONE, Cancellation.never());
            assertThat(Files.readString(home.resolve("echo/run.sh"))).isEqualTo(NEW);
            assertThat(leftovers(home)).isEmpty();
            source.with("x/echo", OLD);
        }
    }

    @Test
    void sweepingRemovesWhatACrashLeftAndNothingElse() throws IOException {
        install();
        Files.createDirectories(folder.resolve(".versions/echo/sha256-00.tmp-1/lib"));
        Files.createSymbolicLink(folder.resolve(".echo-123.tmp"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve(".echo-two-123.tmp"), Path.of("nowhere"));

        try (var _ = ObjectLock.acquire(
                folder.resolve(".locks/echo.lock"), "a test", Duration.ofSeconds(5), Cancellation.never())) {
            installer().sweep();
            assertThat(leftovers(folder)).as("somebody works on it").hasSize(3);
        }
        installer().sweep();

        assertThat(leftovers(folder)).containsExactly(folder.resolve(".echo-two-123.tmp"));
        assertThat(InstalledBackends.list(folder).find("echo")).isPresent();
    }

    @Test
    void manyAtOnceInstallItOnce() throws Exception {
        List<Callable<Installation>> jobs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            jobs.add(() -> installer().install(ECHO, ProgressListener.NONE, Cancellation.never()));
        }

        List<Installation> done = Tasks.runAll(jobs, jobs.size(), Cancellation.never());

        assertThat(done.stream().filter(Installation::changed)).hasSize(1);
        assertThat(source.asked()).hasSize(1);
    }

    @Test
    void deletingRemovesAllVersions() throws IOException {
        install();
        source.with("x/echo", NEW);
        installer().upgrade(ECHO, ProgressListener.NONE, Cancellation.never());

        assertThat(installer().delete("echo", Cancellation.never())).isTrue();
        assertThat(installer().delete("echo", Cancellation.never())).isFalse();
        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> installer().delete("../echo", Cancellation.never()))
                .matches(e -> e.code().equals("gallery.invalid-name"));

        assertThat(InstalledBackends.list(folder).backends()).isEmpty();
        assertThat(Files.exists(folder.resolve(".versions/echo"))).isFalse();
    }

    @Test
    void aFolderThatSomebodyElsePutThereStays() throws IOException {
        Files.createDirectories(folder.resolve("echo"));
        Files.writeString(folder.resolve("echo/mine"), "precious");

        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> install())
                .matches(e -> e.code().equals("gallery.name-taken"));
        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> installer().delete("echo", Cancellation.never()));
        assertThat(folder.resolve("echo/mine")).hasContent("precious");
    }

    @Test
    void aMetaBackendIsNotInstalled() {
        GalleryEntry meta =
                new GalleryEntry("meta", "", "", List.of(), Map.of("default", "echo"), "", GalleryEntry.Display.NONE);

        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> installer().install(meta, ProgressListener.NONE, Cancellation.never()))
                .matches(e -> e.code().equals("gallery.not-concrete"));
    }

    @Test
    void cancellingLeavesNothing() {
        Cancellation cancellation = new Cancellation();
        BackendInstaller installer = new BackendInstaller(folder, source, step -> {
            if (step == InstallStep.DESCRIBED) {
                cancellation.cancel();
            }
        });

        assertThatExceptionOfType(CodedException.class)
                .isThrownBy(() -> installer.install(ECHO, ProgressListener.NONE, cancellation))
                .matches(e -> e.code().equals("base.cancelled"));
        assertThat(InstalledBackends.list(folder).backends()).isEmpty();
        assertThat(leftovers(folder)).isEmpty();
    }

    @Test
    void foldersWithBadMetadataAreReportedAndTheRestIsListed() throws IOException {
        install();
        hand("odd", "#!/bin/sh\n", "{ not json");
        hand("wrong", "#!/bin/sh\n", "{\"alias\": 7}");
        hand("bare", "#!/bin/sh\n", "");
        Files.createDirectories(folder.resolve("empty"));
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of(".versions/dangling/gone"));

        InstalledBackends listed = InstalledBackends.list(folder);

        assertThat(listed.backends()).extracting(InstalledBackend::name).containsExactly("bare", "echo");
        assertThat(listed.problems())
                .extracting(problem -> problem.folder().getFileName().toString())
                .containsExactly("dangling", "empty", "odd", "wrong");
        assertThat(InstalledBackends.list(folder.resolve("nowhere")).backends()).isEmpty();
    }

    private void hand(String name, String script, String metadata) throws IOException {
        Files.createDirectories(folder.resolve(name));
        Path run = Files.writeString(folder.resolve(name).resolve("run.sh"), script);
        assertThat(run.toFile().setExecutable(true)).isTrue();
        if (!metadata.isEmpty()) {
            Files.writeString(folder.resolve(name).resolve("metadata.json"), metadata);
        }
    }

    private BackendInstaller installer() {
        return new BackendInstaller(folder, source);
    }

    private void install() {
        installer().install(ECHO, ProgressListener.NONE, Cancellation.never());
    }

    private List<Path> versions() throws IOException {
        try (Stream<Path> paths = Files.list(folder.resolve(".versions/echo"))) {
            return paths.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    private static List<Path> leftovers(Path home) {
        try (Stream<Path> paths = Files.walk(home)) {
            return paths.filter(path -> path.getFileName().toString().contains(".tmp"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int halt(Path home, InstallStep step) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HaltingInstall.class.getName(),
                        home.toString(),
                        NEW,
                        step.name())
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
