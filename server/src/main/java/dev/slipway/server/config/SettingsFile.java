package dev.slipway.server.config;

import dev.slipway.base.ErrorKind;
import dev.slipway.oci.transport.RegistrySettings;
import dev.slipway.oci.transport.RegistrySettings.Host;
import dev.slipway.oci.transport.RegistrySettings.Security;
import dev.slipway.server.ServerException;
import dev.slipway.server.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The user's own settings file. */
public final class SettingsFile {
    private static final Set<String> KEYS = Set.of("registries");
    private static final Set<String> REGISTRY = Set.of("mirrors", "insecure", "ca-files");

    private SettingsFile() {}

    /** Reads a file; what it does not speak of is as {@code usual} says. */
    public static Settings read(Path file, RegistrySettings usual) {
        YamlFields hosts = YamlFields.read(file).allow(KEYS).mapping("registries");
        RegistrySettings settings = usual;
        for (String name : hosts.keys()) {
            settings =
                    settings.withHost(name, host(file, name, hosts.mapping(name).allow(REGISTRY)));
        }
        return new Settings(settings);
    }

    private static Host host(Path file, String name, YamlFields fields) {
        List<URI> mirrors = new ArrayList<>();
        for (String text : fields.texts("mirrors")) {
            mirrors.add(address(file, name, text));
        }
        Host host = Host.USUAL.withMirrors(mirrors);
        if (fields.flag("insecure")) {
            host = host.withSecurity(Security.INSECURE);
        }
        for (String authority : fields.texts("ca-files")) {
            host = host.withAuthority(file.toAbsolutePath().resolveSibling(authority));
        }
        return host;
    }

    private static URI address(Path file, String name, String text) {
        try {
            URI address = URI.create(text);
            if (address.getHost() != null
                    && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
                return address;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new ServerException(
                "server.invalid-config",
                ErrorKind.INVALID,
                "Could not use " + file + ": '" + text + "', a mirror of " + name + ", is no address.",
                "Write such as https://mirror.example",
                null);
    }
}
