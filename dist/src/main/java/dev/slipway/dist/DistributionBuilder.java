package dev.slipway.dist;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.dist.fingerprint.Fingerprint;
import dev.slipway.dist.image.BackendImage;
import dev.slipway.dist.image.Scripts;
import dev.slipway.dist.jar.ClassPath;
import dev.slipway.dist.runtime.ClassArchive;
import dev.slipway.dist.runtime.JvmFlags;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the distribution folder: {@code bin/slipway}, {@code lib/}, {@code images/} with the backend's image, and
 * {@code models/} with the demo model. Steps whose inputs have not changed are left out.
 */
public final class DistributionBuilder {
    /** The host that the embedded gallery names; nothing is ever asked of it over a network. */
    private static final String IMAGE = "registry.slipway.dev/backends/slipway:";

    private static final PrintStream PROGRESS = System.out;

    private final DistributionInputs inputs;
    private final Path output;
    private final Path work;

    /**
     * Prepares a build.
     *
     * @param output the distribution folder; what was in it is replaced
     * @param work folder for what lies between; kept, so that the next build is quicker
     */
    public DistributionBuilder(DistributionInputs inputs, Path output, Path work) {
        this.inputs = inputs;
        this.output = output;
        this.work = work;
    }

    /** Arguments: repository, output folder, work folder, version, class path, time the build started. */
    public static void main(String[] arguments) {
        try {
            Path repository = Path.of(arguments[0]);
            DistributionInputs inputs = new DistributionInputs(
                    repository, Path.of(System.getProperty("java.home")), arguments[3], arguments[4]);
            new DistributionBuilder(inputs, Path.of(arguments[1]), Path.of(arguments[2]))
                    .build(Instant.parse(arguments[5]));
        } catch (CodedException e) {
            PROGRESS.println("dist: " + e.getMessage() + (e.hint().isEmpty() ? "" : " " + e.hint()));
            System.exit(e.kind().exitCode());
        }
    }

    /**
     * Builds the folder.
     *
     * @param started sources changed after this are newer than the folder
     */
    public void build(Instant started) {
        try {
            Files.deleteIfExists(output.resolve(".built"));
            Files.createDirectories(output);
            Files.createDirectories(work);
            PROGRESS.println("dist: packing the backend's image");
            Digest image = image();
            PROGRESS.println("dist: backend image " + image);
            models();
            program();
            scripts();
            // Last: says that all the rest is there. ./slipway compares its time with those of the sources.
            Files.writeString(output.resolve(".built"), image + "\n");
            Files.setLastModifiedTime(output.resolve(".built"), FileTime.from(started));
        } catch (IOException e) {
            throw AtomicFiles.explain("write the distribution to " + output, e);
        }
    }

    /** Builds the backend's image alone and returns its manifest's digest. */
    public Digest image() {
        List<Path> notices = List.of(
                inputs.repository().resolve("LICENSE"), inputs.repository().resolve("NOTICE"));
        ClassPath backend = ClassPath.of("slipway-backend", inputs.classPath());
        return new BackendImage(inputs.jdk(), backend, notices, Scripts.lines("backend-classes.txt"))
                .build(work, output.resolve("images"), IMAGE + inputs.version());
    }

    private void models() throws IOException {
        Path model = inputs.repository().resolve("demo-model/slipway-demo.gguf");
        if (!Files.isRegularFile(model)) {
            throw new DistException(
                    "dist.missing-model",
                    ErrorKind.NOT_FOUND,
                    "Packaging failed: " + model + " is missing.",
                    "It is part of the repository: restore it with git checkout, or train it as demo-model/README.md says.",
                    null);
        }
        Path folder = Files.createDirectories(output.resolve("models"));
        copyIfNewer(model, folder.resolve("slipway-demo.gguf"));
        Files.writeString(folder.resolve("slipway-demo.yaml"), """
                name: slipway-demo
                backend: slipway
                context_size: 512
                parameters:
                  model: slipway-demo.gguf
                  temperature: 0
                """);
    }

    private void program() throws IOException {
        ClassPath program = ClassPath.of("slipway-cli", inputs.classPath());
        Path lib = output.resolve("lib");
        Fingerprint fingerprint = new Fingerprint()
                .add(inputs.jdk().resolve("release"))
                .add(String.join(" ", JvmFlags.PROGRAM))
                .add(String.join("\n", Scripts.lines("program-classes.txt")));
        program.all().forEach(fingerprint::add);
        String text = fingerprint.text();
        Path mark = work.resolve("program.fingerprint");
        if (Fingerprint.matches(mark, text) && Files.isDirectory(lib)) {
            return;
        }
        Files.deleteIfExists(mark);
        AtomicFiles.deleteRecursively(lib);
        Files.createDirectories(lib);
        for (Path jar : program.all()) {
            Files.copy(jar, lib.resolve(ClassPath.name(jar)), StandardCopyOption.COPY_ATTRIBUTES);
        }
        PROGRESS.println("dist: archiving classes for a quicker start");
        new ClassArchive(inputs.jdk(), JvmFlags.PROGRAM, Scripts.lines("program-classes.txt"))
                .write(
                        output,
                        Path.of("lib", ClassPath.name(program.main())),
                        Path.of("lib/slipway.jsa"),
                        System.getenv());
        Fingerprint.write(mark, text);
    }

    private void scripts() throws IOException {
        Path bin = Files.createDirectories(output.resolve("bin"));
        Files.copy(
                inputs.repository().resolve(".mvn/find-jdk.sh"),
                bin.resolve("find-jdk.sh"),
                StandardCopyOption.REPLACE_EXISTING);
        ClassPath program = ClassPath.of("slipway-cli", inputs.classPath());
        Path launcher = bin.resolve("slipway");
        Files.writeString(launcher, Scripts.fill("slipway.sh", JvmFlags.PROGRAM, ClassPath.name(program.main())));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Stream<Path> notices = Stream.of("LICENSE", "NOTICE").map(inputs.repository()::resolve)) {
            for (Path notice : notices.toList()) {
                copyIfNewer(notice, output.resolve(ClassPath.name(notice)));
            }
        }
    }

    private static void copyIfNewer(Path from, Path to) throws IOException {
        if (!Files.exists(to)
                || Files.size(to) != Files.size(from)
                || Files.getLastModifiedTime(to).compareTo(Files.getLastModifiedTime(from)) < 0) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
