package dev.slipway.oci.transport.auth;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.fetch.FetchBody;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes credentials into access tokens where a registry says that it is done.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">distribution, token authentication</a>
 * @see <a href="https://distribution.github.io/distribution/spec/auth/oauth/">distribution, OAuth2</a>
 */
final class TokenService {
    private static final ByteSize MAX_ANSWER = new ByteSize(1 << 20);
    private static final String CLIENT = "slipway";
    /** What a token lasts when its service does not say. */
    private static final long USUAL_LIFETIME_SECONDS = 60;

    private static final long LONGEST_LIFETIME_SECONDS = 86_400;

    private final Fetcher fetcher;
    private final URI registry;
    private final URI realm;
    private final String service;

    TokenService(Fetcher fetcher, URI registry, Challenge challenge) {
        this.fetcher = fetcher;
        this.registry = registry;
        this.realm = realm(challenge.parameter("realm"));
        this.service = challenge.parameter("service");
    }

    /**
     * An access token.
     *
     * @param renewAt by {@link System#nanoTime}, some time before it ends
     */
    record Token(String value, long renewAt) {
        boolean fresh() {
            return System.nanoTime() - renewAt < 0;
        }

        @Override
        public String toString() {
            return "Token[…]";
        }
    }

    /** Without TLS a token service is believed, and shown a password, only where the registry has none either. */
    private URI realm(String text) {
        URI address;
        try {
            address = URI.create(text);
        } catch (IllegalArgumentException _) {
            throw denied("it names a malformed token service");
        }
        if (address.getHost() == null || address.getUserInfo() != null) {
            throw denied("it names a malformed token service");
        }
        boolean plain = "http".equalsIgnoreCase(address.getScheme())
                && "http".equalsIgnoreCase(registry.getScheme())
                && (address.getHost().equalsIgnoreCase(registry.getHost()) || isLoopback(address.getHost()));
        if (!plain && !"https".equalsIgnoreCase(address.getScheme())) {
            throw denied("it names a token service without TLS");
        }
        return address;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(?:[.][0-9]{1,3}){3}");
    }

    /** Gets a token for the scopes, the most wanted first: some services look at no other. */
    Token token(Credential credential, List<String> scopes, Cancellation cancellation) {
        return switch (credential) {
            case Credential.Anonymous _ -> get(scopes, "", cancellation);
            case Credential.Password password -> get(scopes, password.basic(), cancellation);
            case Credential.IdentityToken(String identity) -> post(identity, scopes, cancellation);
            case Credential.RegistryToken(String token) -> lasting(token, LONGEST_LIFETIME_SECONDS);
        };
    }

    private Token get(List<String> scopes, String authorization, Cancellation cancellation) {
        List<String> parameters = new ArrayList<>();
        if (!service.isEmpty()) {
            parameters.add(parameter("service", service));
        }
        scopes.forEach(scope -> parameters.add(parameter("scope", scope)));
        if (!authorization.isEmpty()) {
            parameters.add(parameter("client_id", CLIENT));
        }
        String address = realm.toString();
        String query = String.join("&", parameters);
        FetchRequest request = FetchRequest.get(URI.create(address + (address.contains("?") ? "&" : "?") + query));
        if (!authorization.isEmpty()) {
            request = request.withHeader("Authorization", authorization);
        }
        try (FetchResponse response = fetcher.send(request, cancellation)) {
            return read(response);
        }
    }

    private Token post(String identity, List<String> scopes, Cancellation cancellation) {
        String form = String.join(
                "&",
                parameter("grant_type", "refresh_token"),
                parameter("service", service),
                parameter("client_id", CLIENT),
                parameter("scope", String.join(" ", scopes)),
                parameter("refresh_token", identity));
        FetchRequest request = FetchRequest.post(realm, FetchBody.of(form))
                .withHeader("Content-Type", "application/x-www-form-urlencoded");
        try (FetchResponse response = fetcher.send(request, cancellation)) {
            if (response.status() != 404 && response.status() != 405) {
                return read(response);
            }
        }
        // Not every service knows OAuth2; those that do not may still take the token as a password.
        return get(scopes, new Credential.Password("<token>", identity).basic(), cancellation);
    }

    private Token read(FetchResponse response) {
        if (response.status() == 401 || response.status() == 403) {
            // Not with the service's words: it may repeat what it was sent.
            throw denied("its token service answered " + response.status());
        }
        if (response.status() != 200) {
            throw response.failure();
        }
        JsonObject json = JsonObject.parse(response.readAll(MAX_ANSWER), "a token for " + registry, MAX_ANSWER);
        String value = json.string("token")
                .filter(text -> !text.isEmpty())
                .or(() -> json.string("access_token"))
                .filter(text -> text.matches("[\\x21-\\x7e]+"))
                .orElseThrow(() -> denied("its token service sent no token"));
        return lasting(
                value,
                Math.clamp(json.number("expires_in").orElse(USUAL_LIFETIME_SECONDS), 1, LONGEST_LIFETIME_SECONDS));
    }

    private static Token lasting(String value, long seconds) {
        // Early enough that a request that is under way does not outlive it.
        return new Token(value, System.nanoTime() + Duration.ofSeconds(seconds).toNanos() / 5 * 4);
    }

    private static String parameter(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private OciException denied(String why) {
        return new OciException(
                "oci.no-token",
                ErrorKind.DENIED,
                "Getting a token for " + registry + " failed: " + why + ".",
                "Check the credentials for this registry, such as with 'docker login' or 'podman login'.",
                null);
    }
}
