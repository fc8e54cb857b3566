package dev.slipway.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.dist.jar.ClassPath;
import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathTest {
    @TempDir
    private Path folder;

    private Path jar(String name, String classPath) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!classPath.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        }
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            new JarOutputStream(out, manifest).close();
        }
        return file;
    }

    private static String joined(Path... jars) {
        return Stream.of(jars).map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void aProgramIsItsMainJarAndThoseItNamesInTheirOrder() throws Exception {
        Path main = jar("slipway-backend-1.0.jar", "b-2.jar slipway-base-1.0.jar");
        Path ours = jar("slipway-base-1.0.jar", "");
        Path theirs = jar("b-2.jar", "");
        Path unrelated = jar("slipway-cli-1.0.jar", "");
        ClassPath program = ClassPath.of("slipway-backend", joined(unrelated, ours, theirs, main));
        assertThat(program.all()).isEqualTo(List.of(main, theirs, ours));
        assertThat(program.application()).containsExactly(main, ours);
        assertThat(program.libraries()).containsExactly(theirs);
    }

    @Test
    void aJarThatWasNotBuiltIsNamed() throws Exception {
        Path main = jar("slipway-backend-1.0.jar", "b-2.jar");
        assertThatThrownBy(() -> ClassPath.of("slipway-backend", joined(main)))
                .isInstanceOf(DistException.class)
                .hasMessageContaining("b-2.jar");
        assertThatThrownBy(() -> ClassPath.of("slipway-cli", joined(main))).hasMessageContaining("slipway-cli");
    }
}
