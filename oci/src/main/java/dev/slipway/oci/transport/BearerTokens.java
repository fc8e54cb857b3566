package dev.slipway.oci.transport;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends requests to one registry, with a token as soon as it asks for one. Tokens are anonymous so far. */
final class BearerTokens {
    private static final ByteSize MAX_ANSWER = new ByteSize(1 << 20);

    private final Fetcher fetcher;
    private final URI registry;
    private volatile @Nullable String token;

    BearerTokens(Fetcher fetcher, URI registry) {
        this.fetcher = fetcher;
        this.registry = registry;
    }

    /** Sends a request; when a token is asked for, or the one at hand has expired, gets one and sends it again. */
    FetchResponse send(FetchRequest request, Cancellation cancellation) {
        FetchResponse first = fetcher.send(authorised(request), cancellation);
        if (first.status() != 401) {
            return first;
        }
        Optional<Challenge> challenge = first.headers("WWW-Authenticate").stream()
                .flatMap(text -> Challenge.parse(text).stream())
                .filter(Challenge::isBearer)
                .findFirst();
        if (challenge.isEmpty()) {
            return first;
        }
        first.close();
        token = obtain(challenge.get(), cancellation);
        return fetcher.send(authorised(request), cancellation);
    }

    private FetchRequest authorised(FetchRequest request) {
        String present = token;
        return present == null ? request : request.withHeader("Authorization", "Bearer " + present);
    }

    private String obtain(Challenge challenge, Cancellation cancellation) {
        URI address = address(challenge);
        try (FetchResponse response = fetcher.send(FetchRequest.get(address), cancellation)) {
            if (response.status() != 200) {
                throw response.failure();
            }
            JsonObject json = JsonObject.parse(response.readAll(MAX_ANSWER), "a token for " + registry, MAX_ANSWER);
            return json.string("token")
                    .or(() -> json.string("access_token"))
                    .filter(text -> text.matches("[\\x21-\\x7e]+"))
                    .orElseThrow(() -> denied("its token service sent no token"));
        }
    }

    private URI address(Challenge challenge) {
        List<String> parameters = new ArrayList<>();
        for (String name : List.of("service", "scope")) {
            String value = challenge.parameter(name);
            if (!value.isEmpty()) {
                parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        String realm = challenge.parameter("realm");
        URI address;
        try {
            address = URI.create(realm + (realm.contains("?") ? "&" : "?") + String.join("&", parameters));
        } catch (IllegalArgumentException _) {
            throw denied("it names a malformed token service");
        }
        boolean plain = "http".equalsIgnoreCase(address.getScheme()) && "http".equalsIgnoreCase(registry.getScheme());
        if (!plain && !"https".equalsIgnoreCase(address.getScheme())) {
            throw denied("it names a token service without TLS");
        }
        return address;
    }

    private OciException denied(String why) {
        return new OciException(
                "oci.no-token",
                ErrorKind.DENIED,
                "Getting a token for " + registry + " failed: " + why + ".",
                "",
                null);
    }
}
