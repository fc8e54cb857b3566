package dev.slipway.dist.image;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.dist.fingerprint.Fingerprint;
import dev.slipway.dist.jar.ClassPath;
import dev.slipway.dist.runtime.ClassArchive;
import dev.slipway.dist.runtime.JavaRuntime;
import dev.slipway.dist.runtime.JvmFlags;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The backend as an OCI image: {@code /run.sh} at the root, below it a Java runtime, libraries and the application, each
 * a layer. It needs sh, coreutils and glibc of the host.
 *
 * <p>All times in it are the beginning of 1970: the same inputs give the same digest, and the class archive, which notes
 * the times of the jars, fits them wherever the image is unpacked.
 */
public final class BackendImage {
    /**
     * What backend, gRPC and the engine use; {@code BackendImageTest} starts the result. The XML module is there for
     * Jackson, which asks of every value that it writes whether it is a node of a document.
     */
    private static final List<String> MODULES =
            List.of("java.base", "java.logging", "java.xml", "jdk.incubator.vector", "jdk.unsupported");

    private static final String RUNTIME = "runtime";
    private static final String ARCHIVE = "lib/backend.jsa";

    private final Path jdk;
    private final ClassPath backend;
    private final List<Path> notices;
    private final List<String> classes;

    /**
     * Describes an image.
     *
     * @param jdk the JDK whose runtime goes in
     * @param backend the backend's jars
     * @param notices licence texts
     * @param classes names of the classes that starting and answering loads
     */
    public BackendImage(Path jdk, ClassPath backend, List<Path> notices, List<String> classes) {
        this.jdk = jdk;
        this.backend = backend;
        this.notices = List.copyOf(notices);
        this.classes = List.copyOf(classes);
    }

    /**
     * Builds the image into an OCI layout, unless the layout holds the same one already.
     *
     * @param work folder for what lies between; kept, so that the next build is quicker
     * @param layout folder of the layout; replaced as a whole
     * @param reference the name that the image gets in it
     * @return the manifest's digest
     */
    public Digest build(Path work, Path layout, String reference) {
        Path runtime = work.resolve(RUNTIME);
        String fingerprint = fingerprint(JavaRuntime.link(jdk, MODULES, runtime), reference);
        Path mark = work.resolve("image.fingerprint");
        Path digest = work.resolve("image.digest");
        try {
            if (Fingerprint.matches(mark, fingerprint) && Files.exists(layout.resolve("index.json"))) {
                return Digest.parse(Files.readString(digest));
            }
            Files.deleteIfExists(mark);
            Descriptor manifest;
            try (Stage stage = Stage.create(work)) {
                manifest = build(stage.folder(), runtime, work.resolve("images"), reference);
            }
            AtomicFiles.deleteRecursively(layout);
            Files.createDirectories(layout.toAbsolutePath().getParent());
            Files.move(work.resolve("images"), layout);
            Files.writeString(digest, manifest.digest().toString());
            Fingerprint.write(mark, fingerprint);
            return manifest.digest();
        } catch (IOException e) {
            throw AtomicFiles.explain("build the backend's image", e);
        }
    }

    private String fingerprint(String runtime, String reference) {
        Fingerprint fingerprint =
                new Fingerprint().add(runtime).add(reference).add(runScript()).add(String.join("\n", classes));
        backend.all().forEach(fingerprint::add);
        notices.forEach(fingerprint::add);
        return fingerprint.text();
    }

    private String runScript() {
        return Scripts.fill("run.sh", JvmFlags.BACKEND, ClassPath.name(backend.main()));
    }

    /** Lays the tree out as it will be unpacked, times included, for the class archive to be made from. */
    private Descriptor build(Path tree, Path runtime, Path layout, String reference) throws IOException {
        Stage.copy(runtime, tree.resolve(RUNTIME));
        Path lib = Files.createDirectories(tree.resolve("lib"));
        for (Path jar : backend.all()) {
            Files.copy(jar, lib.resolve(ClassPath.name(jar)));
        }
        Stage.forgetTimes(tree);
        new ClassArchive(tree.resolve(RUNTIME), JvmFlags.BACKEND, classes)
                .write(tree, Path.of("lib", ClassPath.name(backend.main())), Path.of(ARCHIVE), Map.of());
        return write(tree, layout, reference);
    }

    private Descriptor write(Path tree, Path layout, String reference) throws IOException {
        LayerBuilder runtime = new LayerBuilder().directory(tree.resolve(RUNTIME), RUNTIME);
        LayerBuilder libraries = new LayerBuilder();
        for (Path jar : backend.libraries()) {
            libraries.file(tree.resolve("lib").resolve(ClassPath.name(jar)), "lib/" + ClassPath.name(jar));
        }
        LayerBuilder application = new LayerBuilder()
                .file(runScript().getBytes(StandardCharsets.UTF_8), "run.sh", true)
                .file(tree.resolve(ARCHIVE), ARCHIVE);
        for (Path jar : backend.application()) {
            application.file(tree.resolve("lib").resolve(ClassPath.name(jar)), "lib/" + ClassPath.name(jar));
        }
        for (Path notice : notices) {
            application.file(notice, ClassPath.name(notice));
        }
        AtomicFiles.deleteRecursively(layout);
        return ImageBuilder.forPlatform(Platform.host())
                .annotation("org.opencontainers.image.title", "slipway")
                .annotation("org.opencontainers.image.licenses", "Apache-2.0")
                .layer(runtime)
                .layer(libraries)
                .layer(application)
                .build(layout, reference);
    }
}
