package dev.slipway.fetch;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whom a host is believed over TLS, and as whom it is spoken to.
 *
 * @param authorities PEM files of certificates that are trusted beside those every host is judged by
 * @param identities client certificates to offer, in order
 * @param verified false to believe anyone: only for hosts that were named insecure on purpose
 */
public record TlsSettings(List<Path> authorities, List<ClientIdentity> identities, boolean verified) {
    /** What every host gets that nothing was said about. */
    public static final TlsSettings DEFAULT = new TlsSettings(List.of(), List.of(), true);

    public TlsSettings {
        authorities = List.copyOf(authorities);
        identities = List.copyOf(identities);
    }

    /** A client certificate and its unencrypted PKCS #8 key, both in PEM files. */
    public record ClientIdentity(Path certificate, Path key) {}

    public TlsSettings withAuthority(Path file) {
        return new TlsSettings(
                Stream.concat(authorities.stream(), Stream.of(file)).toList(), identities, verified);
    }

    public TlsSettings withVerified(boolean newVerified) {
        return new TlsSettings(authorities, identities, newVerified);
    }
}
