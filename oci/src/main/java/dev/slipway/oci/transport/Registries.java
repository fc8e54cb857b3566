package dev.slipway.oci.transport;

import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.transport.auth.Credentials;
import dev.slipway.oci.transport.auth.StoredCredentials;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** All registries, reached as the settings say and with the credentials at hand. */
public final class Registries implements AutoCloseable {
    private final Fetcher fetcher;
    private final RegistrySettings settings;
    private final HostCertificates certificates;
    private final Credentials credentials;

    private Registries(Fetcher fetcher, RegistrySettings settings, Credentials credentials) {
        this.fetcher = fetcher;
        this.settings = settings;
        this.certificates = new HostCertificates(settings);
        this.credentials = credentials;
    }

    /** Registries as the settings say. Closing them closes their connections. */
    public static Registries create(FetchOptions options, RegistrySettings settings, Credentials credentials) {
        Fetcher fetcher = Fetcher.create(options, new HostCertificates(settings)::tls);
        return new Registries(fetcher, settings, credentials);
    }

    /** With the certificates and credentials that Docker and podman keep for this user. */
    public static Registries from(Map<String, String> environment) {
        return create(FetchOptions.defaults(), RegistrySettings.from(environment), StoredCredentials.from(environment));
    }

    /** With nothing to show to anybody. Closing them closes the client. */
    public static Registries anonymous(Fetcher fetcher) {
        return new Registries(fetcher, RegistrySettings.NONE, Credentials.NONE);
    }

    /** The client all of them are reached through, for what lies elsewhere; it shows nothing to anybody. */
    public Fetcher fetcher() {
        return fetcher;
    }

    /** The mirrors that the settings name for a host, the one to ask first in front. */
    public List<URI> mirrors(String host) {
        return settings.host(host).mirrors();
    }

    /**
     * The registry that the reference names.
     *
     * @param fetched counts the bytes of all bodies read
     */
    public RegistryTransport origin(ImageReference reference, LongAdder fetched) {
        return new RegistryTransport(endpoint(reference), fetched);
    }

    /**
     * A registry that mirrors the reference's host; it is told which host by the {@code ns} parameter.
     *
     * @param base the mirror's address, below which {@code /v2/} begins
     */
    public RegistryTransport mirror(URI base, ImageReference reference, LongAdder fetched) {
        RegistryEndpoint endpoint = new RegistryEndpoint(
                fetcher,
                List.of(base),
                base.getAuthority(),
                reference.repository(),
                "?ns=" + reference.host(),
                credentials);
        return new RegistryTransport(endpoint, fetched);
    }

    /** Where a blob may be fetched beside the registry: the http addresses in its descriptor. Nothing is shown there. */
    public List<Transport> elsewhere(Descriptor blob, LongAdder fetched) {
        List<Transport> transports = new ArrayList<>();
        for (String text : blob.urls()) {
            try {
                URI address = URI.create(text);
                boolean http =
                        "http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme());
                if (http && address.getHost() != null) {
                    transports.add(new UrlTransport(fetcher, address, fetched));
                }
            } catch (IllegalArgumentException _) {
                // No address that could be asked.
            }
        }
        return transports;
    }

    /**
     * The registry that the reference names, to write the image there under the reference's tag and, in any case, its
     * digest.
     *
     * @param retry how failed requests are tried again; a try that brought a blob forward does not count
     */
    public RegistryDestination destination(ImageReference reference, Retry retry) {
        return new RegistryDestination(endpoint(reference), reference, retry);
    }

    private RegistryEndpoint endpoint(ImageReference reference) {
        String host = reference.host();
        URI secure = URI.create("https://" + reference.apiHost());
        URI plain = URI.create("http://" + reference.apiHost());
        List<URI> candidates = switch (settings.host(host).security()) {
            case AUTOMATIC -> reference.loopback() && !certificates.named(host) ? List.of(plain) : List.of(secure);
            case TLS -> List.of(secure);
            case INSECURE -> List.of(secure, plain);
        };
        return new RegistryEndpoint(fetcher, candidates, host, reference.repository(), "", credentials);
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
