package dev.slipway.cli.command;

import dev.slipway.cli.CliException;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.transport.Registries;
import dev.slipway.oci.transport.Transport;
import dev.slipway.registry.mirror.Upstreams;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** The upstreams of {@code --mirror HOST[=URL,...]}: the host itself, or the addresses that stand for it. */
final class MirrorUpstreams implements Upstreams, AutoCloseable {
    private final Map<String, List<URI>> addresses;
    private final Registries registries;
    private final LongAdder fetched = new LongAdder();

    private MirrorUpstreams(Map<String, List<URI>> addresses, Registries registries) {
        this.addresses = addresses;
        this.registries = registries;
    }

    /** Asks upstreams through {@code registries}, which are closed with it. */
    static MirrorUpstreams of(List<String> options, Registries registries) {
        Map<String, List<URI>> addresses = new LinkedHashMap<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            String host = (equals < 0 ? option : option.substring(0, equals)).toLowerCase(Locale.ROOT);
            if (host.isEmpty() || host.contains("/")) {
                throw CliException.usage("--mirror " + option + " names no host.", "Such as: --mirror docker.io");
            }
            addresses.put(
                    host,
                    equals < 0
                            ? List.of()
                            : Arrays.stream(option.substring(equals + 1).split(","))
                                    .map(text -> address(option, text))
                                    .toList());
        }
        return new MirrorUpstreams(addresses, registries);
    }

    private static URI address(String option, String text) {
        try {
            URI address = URI.create(text);
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw CliException.usage(
                "--mirror " + option + ": '" + text + "' is no address.",
                "Such as: --mirror docker.io=https://mirror.example");
    }

    boolean isEmpty() {
        return addresses.isEmpty();
    }

    @Override
    public boolean mirrors(String host) {
        return addresses.containsKey(host);
    }

    @Override
    public Optional<String> usualHost() {
        return addresses.keySet().stream().findFirst();
    }

    @Override
    public List<Transport> transports(ImageReference reference) {
        List<URI> known = addresses.getOrDefault(reference.host(), List.of());
        if (known.isEmpty()) {
            return List.of(registries.origin(reference, fetched));
        }
        return known.stream()
                .<Transport>map(address -> registries.mirror(address, reference, fetched))
                .toList();
    }

    @Override
    public void close() {
        registries.close();
    }
}
