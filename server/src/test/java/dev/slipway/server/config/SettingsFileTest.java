package dev.slipway.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.oci.transport.RegistrySettings;
import dev.slipway.oci.transport.RegistrySettings.Host;
import dev.slipway.oci.transport.RegistrySettings.Security;
import dev.slipway.server.ServerException;
import dev.slipway.server.Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
    @TempDir
    Path folder;

    @Test
    void registriesAreAsTheUserSays() throws Exception {
        Path file = Files.createDirectories(folder.resolve("slipway")).resolve("config.yaml");
        Files.writeString(file, """
                registries:
                  docker.io:
                    mirrors: ["https://mirror.example", "http://127.0.0.1:5000"]
                  lab.example:5000:
                    insecure: true
                    ca-files: [lab.pem]
                """);

        RegistrySettings settings =
                Settings.read(Map.of("XDG_CONFIG_HOME", folder.toString())).registries();

        assertThat(settings.host("docker.io").mirrors())
                .containsExactly(URI.create("https://mirror.example"), URI.create("http://127.0.0.1:5000"));
        Host lab = settings.host("lab.example:5000");
        assertThat(lab.security()).isEqualTo(Security.INSECURE);
        assertThat(lab.authorities()).isEqualTo(List.of(file.resolveSibling("lab.pem")));
        assertThat(settings.host("quay.io")).isEqualTo(Host.USUAL);
    }

    @Test
    void withoutAFileEverythingIsAsUsual() {
        assertThat(Settings.read(Map.of("XDG_CONFIG_HOME", folder.toString()))
                        .registries()
                        .hosts())
                .isEmpty();
    }

    @Test
    void whatMeansNothingIsRefused() throws Exception {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, "registries: {docker.io: {mirror: x}}");
        assertThatThrownBy(() -> SettingsFile.read(file, RegistrySettings.NONE))
                .isInstanceOfSatisfying(ServerException.class, e -> {
                    assertThat(e.code()).isEqualTo("server.invalid-config");
                    assertThat(e.hint()).contains("mirrors");
                });
        Files.writeString(file, "registries: {docker.io: {mirrors: [mirror.example]}}");
        assertThatThrownBy(() -> SettingsFile.read(file, RegistrySettings.NONE))
                .hasMessageContaining("mirror.example")
                .hasMessageContaining("docker.io");
    }
}
