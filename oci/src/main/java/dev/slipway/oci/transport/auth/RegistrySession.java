package dev.slipway.oci.transport.auth;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.OciException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests about one repository to one registry, showing what it asks to see. Credentials and tokens go to that
 * registry's own origin and, to be changed into tokens, to the token service that it names; nowhere else.
 */
public final class RegistrySession {
    /**
     * One for a token that has expired, one for a scope that was missing, and one more: where a token is good for a few
     * requests only, others may have used up the new one.
     */
    private static final int MAX_RENEWALS = 3;

    private final Fetcher fetcher;
    private final URI registry;
    private final String repository;
    private final Credentials credentials;
    private final String host;
    private final Map<List<String>, TokenService.Token> tokens = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Credential credential;
    private volatile @Nullable TokenService service;
    private volatile boolean basic;
    private volatile String refusal = "";

    /**
     * A session without requests so far.
     *
     * @param registry the registry's address
     * @param host the name under which credentials are kept
     */
    public RegistrySession(Fetcher fetcher, URI registry, String host, String repository, Credentials credentials) {
        this.fetcher = fetcher;
        this.registry = registry;
        this.host = host;
        this.repository = repository;
        this.credentials = credentials;
    }

    /**
     * Sends a request; when a credential is asked for, or the token at hand has expired, gets one and sends it again.
     *
     * @param scopes what the request needs, such as {@code repository:a/b:pull}, the most important first
     */
    public FetchResponse send(FetchRequest request, List<String> scopes, Cancellation cancellation) {
        if (!ownOrigin(request.uri())) {
            return fetcher.send(request, cancellation);
        }
        Attempt attempt = authorised(request, scopes, cancellation);
        for (int renewals = 0; ; renewals++) {
            FetchResponse response = fetcher.send(attempt.request, cancellation);
            if (response.status() != 401 || renewals == MAX_RENEWALS) {
                return response;
            }
            Optional<Attempt> next;
            try {
                next = answered(response, request, attempt, scopes, cancellation);
            } catch (RuntimeException e) {
                response.close();
                throw e;
            }
            if (next.isEmpty()) {
                return response;
            }
            response.close();
            attempt = next.get();
        }
    }

    /** The error for an answer, with what is known about our credentials. */
    public CodedException failure(FetchResponse response) {
        CodedException failure = response.failure();
        if (failure.kind() != ErrorKind.DENIED) {
            return failure;
        }
        String why = credential instanceof Credential.Anonymous(String reason) ? reason : refusal;
        String shown = why.isEmpty() ? "" : " (" + why + ")";
        return new OciException(
                "oci.denied",
                ErrorKind.DENIED,
                failure.getMessage() + shown,
                credential instanceof Credential.Anonymous
                        ? "No credentials for " + host + " were found: log in, such as with 'docker login' or 'podman"
                                + " login'; or check that the image exists."
                        : "The credentials for " + host + " do not allow this: check them, and that the image exists.",
                failure);
    }

    private record Attempt(FetchRequest request, String authorization) {
        static Attempt plain(FetchRequest request) {
            return new Attempt(request, "");
        }

        static Attempt with(FetchRequest request, String authorization) {
            return new Attempt(request.withHeader("Authorization", authorization), authorization);
        }

        @Override
        public String toString() {
            return request.toString();
        }
    }

    private boolean ownOrigin(URI uri) {
        return registry.getScheme().equalsIgnoreCase(uri.getScheme())
                && registry.getAuthority().equalsIgnoreCase(uri.getAuthority());
    }

    private Attempt authorised(FetchRequest request, List<String> scopes, Cancellation cancellation) {
        if (basic) {
            return credential instanceof Credential.Password password
                    ? Attempt.with(request, password.basic())
                    : Attempt.plain(request);
        }
        TokenService known = service;
        if (known == null) {
            return Attempt.plain(request);
        }
        TokenService.Token token = tokens.get(scopes);
        if (token == null || !token.fresh()) {
            token = renewed(known, scopes, scopes, "", cancellation);
        }
        return Attempt.with(request, "Bearer " + token.value());
    }

    /** What to send after a 401; empty when there is nothing better than what was sent. */
    private Optional<Attempt> answered(
            FetchResponse response,
            FetchRequest request,
            Attempt attempt,
            List<String> scopes,
            Cancellation cancellation) {
        List<Challenge> challenges = response.headers("WWW-Authenticate").stream()
                .flatMap(text -> Challenge.parse(text).stream())
                .toList();
        Credential mine = credential(cancellation);
        Optional<Challenge> bearer =
                challenges.stream().filter(Challenge::isBearer).findFirst();
        if (bearer.isPresent()) {
            TokenService asked = new TokenService(fetcher, registry, bearer.get());
            service = asked;
            basic = false;
            // What the registry misses comes first: some token services look at one scope only.
            LinkedHashSet<String> wanted = new LinkedHashSet<>();
            String missing = bearer.get().parameter("scope");
            if (!missing.isBlank()) {
                wanted.addAll(List.of(missing.strip().split("\\s+")));
            }
            wanted.addAll(scopes);
            TokenService.Token token = renewed(asked, scopes, List.copyOf(wanted), attempt.authorization, cancellation);
            return Optional.of(Attempt.with(request, "Bearer " + token.value()));
        }
        boolean asksForPassword = challenges.stream().anyMatch(Challenge::isBasic);
        if (asksForPassword && mine instanceof Credential.Password password) {
            basic = true;
            return attempt.authorization.equals(password.basic())
                    ? Optional.empty()
                    : Optional.of(Attempt.with(request, password.basic()));
        }
        return Optional.empty();
    }

    private TokenService.Token renewed(
            TokenService from, List<String> key, List<String> scopes, String refused, Cancellation cancellation) {
        lock.lock();
        try {
            TokenService.Token present = tokens.get(key);
            if (present != null && present.fresh() && !refused.equals("Bearer " + present.value())) {
                // Another thread was faster.
                return present;
            }
            TokenService.Token token = obtained(from, scopes, cancellation);
            tokens.put(key, token);
            return token;
        } finally {
            lock.unlock();
        }
    }

    private TokenService.Token obtained(TokenService from, List<String> scopes, Cancellation cancellation) {
        Credential mine = credential(cancellation);
        boolean reading = scopes.stream().noneMatch(scope -> scope.contains("push") || scope.endsWith("*"));
        try {
            return from.token(mine, scopes, cancellation);
        } catch (OciException e) {
            if (mine instanceof Credential.Anonymous || !reading || !e.code().equals("oci.no-token")) {
                throw e;
            }
            // An old password is no reason to be kept from what is open to everybody.
            try {
                TokenService.Token token = from.token(Credential.anonymous(), scopes, cancellation);
                refusal = "the stored credentials were refused";
                return token;
            } catch (CodedException other) {
                e.addSuppressed(other);
                throw e;
            }
        }
    }

    private Credential credential(Cancellation cancellation) {
        Credential present = credential;
        if (present == null) {
            lock.lock();
            try {
                present = credential;
                if (present == null) {
                    present = credentials.of(host, repository, cancellation);
                    credential = present;
                }
            } finally {
                lock.unlock();
            }
        }
        return present;
    }
}
