package dev.slipway.oci.transport;

import dev.slipway.base.AtomicFiles;
import dev.slipway.fetch.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What settings and certificate folders say about a host's TLS. */
final class HostCertificates {
    private final RegistrySettings settings;

    HostCertificates(RegistrySettings settings) {
        this.settings = settings;
    }

    /**
     * For an address.
     *
     * @param address host and port, the port always written
     */
    TlsSettings tls(String address) {
        String withoutPort = address.endsWith(":443") ? address.substring(0, address.length() - 4) : address;
        String name = withoutPort.equals("registry-1.docker.io") ? "docker.io" : withoutPort;
        TlsSettings tls = TlsSettings.DEFAULT;
        for (String written : List.of(address, name)) {
            RegistrySettings.Host host = settings.host(written);
            tls = tls.withVerified(tls.verified() && host.security() != RegistrySettings.Security.INSECURE);
            for (Path authority : host.authorities()) {
                tls = tls.authorities().contains(authority) ? tls : tls.withAuthority(authority);
            }
        }
        for (Path folder : settings.certificateFolders()) {
            for (String written : List.of(address, withoutPort, name)) {
                Path certificates = folder.resolve(written);
                if (Files.isDirectory(certificates)) {
                    return read(certificates, tls);
                }
            }
        }
        return tls;
    }

    /** Whether anything was said about the certificates of a host, as it stands in references. */
    boolean named(String host) {
        TlsSettings tls = tls(host.matches(".*:[0-9]+") ? host : host + ":443");
        return !tls.authorities().isEmpty() || !tls.identities().isEmpty();
    }

    private static TlsSettings read(Path folder, TlsSettings tls) {
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.sorted().toList();
        } catch (IOException e) {
            throw AtomicFiles.explain("list the certificates in " + folder, e);
        }
        TlsSettings found = tls;
        List<TlsSettings.ClientIdentity> identities = new ArrayList<>(tls.identities());
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.endsWith(".crt")) {
                found = found.withAuthority(file);
            } else if (name.endsWith(".cert")) {
                Path key = folder.resolve(name.substring(0, name.length() - 5) + ".key");
                identities.add(new TlsSettings.ClientIdentity(file, key));
            }
        }
        return new TlsSettings(found.authorities(), identities, found.verified());
    }
}
