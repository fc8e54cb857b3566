package dev.slipway.server;

import dev.slipway.oci.transport.RegistrySettings;
import dev.slipway.server.config.SettingsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What this user has set, in {@code $XDG_CONFIG_HOME/slipway/config.yaml}.
 *
 * @param registries how registries are reached
 */
public record Settings(RegistrySettings registries) {
    /**
     * Reads the user's file; without one, everything is as usual.
     *
     * @throws ServerException {@code server.invalid-config}
     */
    public static Settings read(Map<String, String> environment) {
        Path file = file(environment);
        RegistrySettings usual = RegistrySettings.from(environment);
        return Files.exists(file) ? SettingsFile.read(file, usual) : new Settings(usual);
    }

    private static Path file(Map<String, String> environment) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        // A relative XDG path is to be ignored, says the specification.
        Path base = config.startsWith("/") ? Path.of(config) : Path.of(System.getProperty("user.home", "."), ".config");
        return base.resolve("slipway").resolve("config.yaml");
    }
}
