package dev.slipway.oci.faults;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks for credentials, as token services and registries with passwords do. Asks nobody for anything at first. */
public final class Guard {
    private enum Kind {
        OPEN,
        BASIC,
        BEARER
    }

    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final AtomicInteger issued = new AtomicInteger();
    private volatile Kind kind = Kind.OPEN;
    private volatile String credentials = "";
    private volatile String refreshToken = "";
    private volatile String realm = "";
    private volatile boolean oauth;
    private volatile int expiresInSeconds = 300;
    private volatile int useLimit = Integer.MAX_VALUE;
    private final AtomicInteger uses = new AtomicInteger();

    Guard() {}

    /** Wants a user and a password with every request. */
    public void basic(String user, String password) {
        credentials = encode(user, password);
        kind = Kind.BASIC;
    }

    /** Wants a token, which anybody gets. */
    public void bearer() {
        kind = Kind.BEARER;
    }

    /** Wants a token, which this user gets. */
    public void bearer(String user, String password) {
        credentials = encode(user, password);
        kind = Kind.BEARER;
    }

    /** Wants a token, which is given for an identity token by POST; {@code GET} then gives none. */
    public void identity(String token) {
        refreshToken = token;
        oauth = true;
        kind = Kind.BEARER;
    }

    /** Sends those who need a token elsewhere. */
    public void realm(String address) {
        realm = address;
    }

    /** What tokens say about how long they last. */
    public void lifetime(int seconds) {
        expiresInSeconds = seconds;
    }

    /** Makes each token good for so many requests. */
    public void uses(int limit) {
        useLimit = limit;
    }

    /** Makes all tokens void. */
    public void expire() {
        tokens.clear();
    }

    /** How many tokens were given out. */
    public int issued() {
        return issued.get();
    }

    private static String encode(String user, String password) {
        return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    Optional<RawAnswer> refusal(RawRequest request, String host) {
        if (request.path().equals("/token")) {
            return Optional.of(token(request));
        }
        String authorization = request.header("authorization");
        return switch (kind) {
            case OPEN -> Optional.empty();
            case BASIC ->
                authorization.equals("Basic " + credentials)
                        ? Optional.empty()
                        : Optional.of(RawAnswer.text(401, "sent: " + authorization)
                                .with("WWW-Authenticate", "Basic realm=\"told\""));
            case BEARER -> good(authorization) ? Optional.empty() : Optional.of(challenge(request, host));
        };
    }

    private boolean good(String authorization) {
        String token = authorization.replaceFirst("^Bearer ", "");
        if (!tokens.contains(token)) {
            return false;
        }
        if (uses.incrementAndGet() >= useLimit) {
            uses.set(0);
            tokens.remove(token);
        }
        return true;
    }

    private RawAnswer challenge(RawRequest request, String host) {
        String repository = request.path().replaceFirst("^/v2/(.*?)/(manifests|blobs)/.*$", "$1");
        boolean writes = !request.method().equals("GET") && !request.method().equals("HEAD");
        String address = realm.isEmpty() ? "http://" + host + "/token" : realm;
        return RawAnswer.text(401, "sent: " + request.header("authorization"))
                .with(
                        "WWW-Authenticate",
                        "Bearer realm=\"" + address + "\",service=\"told\",scope=\"repository:" + repository + ":pull"
                                + (writes ? ",push" : "") + "\"");
    }

    private RawAnswer token(RawRequest request) {
        if (oauth) {
            String body = new String(request.body(), StandardCharsets.UTF_8);
            if (!request.method().equals("POST") || !body.contains("refresh_token=" + refreshToken)) {
                return RawAnswer.text(401, "sent: " + body);
            }
        } else if (!request.method().equals("GET")) {
            return RawAnswer.of(404);
        } else if (!credentials.isEmpty() && !request.header("authorization").equals("Basic " + credentials)) {
            return RawAnswer.text(401, "sent: " + request.header("authorization"));
        }
        String token = "t0ken-" + issued.incrementAndGet();
        tokens.add(token);
        return RawAnswer.text(
                200,
                "{\"" + (oauth ? "access_token" : "token") + "\":\"" + token + "\",\"expires_in\":" + expiresInSeconds
                        + "}");
    }
}
