package dev.slipway.oci.transport;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How registries are reached, where that differs from the usual.
 *
 * @param hosts by host as in references, with its port where one is written
 * @param certificateFolders hold a folder for a host, named {@code host} or {@code host:port}, with its certificate
 *     authorities ({@code *.crt}) and client certificates ({@code NAME.cert} and {@code NAME.key}); the first folder that
 *     has one for the host counts
 * @see <a href="https://github.com/containers/image/blob/main/docs/containers-certs.d.5.md">containers-certs.d(5)</a>
 */
public record RegistrySettings(Map<String, Host> hosts, List<Path> certificateFolders) {
    /** Nothing differs. */
    public static final RegistrySettings NONE = new RegistrySettings(Map.of(), List.of());

    /** How a registry's line is kept from listeners. */
    public enum Security {
        /** TLS; plain HTTP for this machine, unless certificates were named for it. */
        AUTOMATIC,
        /** TLS, for this machine too. */
        TLS,
        /** TLS with whatever certificate; plain HTTP when the registry does not speak TLS. */
        INSECURE
    }

    /**
     * One host.
     *
     * @param mirrors asked before the host itself, in order; {@code /v2/} begins below each
     * @param authorities PEM files of certificate authorities that are believed about this host
     */
    public record Host(List<URI> mirrors, Security security, List<Path> authorities) {
        /** As every host that nothing was said about. */
        public static final Host USUAL = new Host(List.of(), Security.AUTOMATIC, List.of());

        public Host {
            mirrors = List.copyOf(mirrors);
            authorities = List.copyOf(authorities);
        }

        public Host withMirrors(List<URI> newMirrors) {
            return new Host(newMirrors, security, authorities);
        }

        public Host withSecurity(Security newSecurity) {
            return new Host(mirrors, newSecurity, authorities);
        }

        public Host withAuthority(Path file) {
            List<Path> more = new ArrayList<>(authorities);
            more.add(file);
            return new Host(mirrors, security, more);
        }
    }

    public RegistrySettings {
        hosts = Map.copyOf(hosts);
        certificateFolders = List.copyOf(certificateFolders);
    }

    /** With the folders in which Docker and podman look for certificates. */
    public static RegistrySettings from(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        String home = environment.getOrDefault("HOME", "");
        String config = environment.getOrDefault("XDG_CONFIG_HOME", home.isEmpty() ? "" : home + "/.config");
        if (!config.isEmpty()) {
            folders.add(Path.of(config, "containers", "certs.d"));
        }
        folders.add(Path.of("/etc/containers/certs.d"));
        folders.add(Path.of("/etc/docker/certs.d"));
        return new RegistrySettings(Map.of(), folders);
    }

    public Host host(String name) {
        return hosts.getOrDefault(name, Host.USUAL);
    }

    public RegistrySettings withHost(String name, Host host) {
        Map<String, Host> more = new LinkedHashMap<>(hosts);
        more.put(name, host);
        return new RegistrySettings(more, certificateFolders);
    }
}
