package dev.slipway.fetch;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Retry;
import dev.slipway.fetch.wire.HttpWire;
import dev.slipway.fetch.wire.Request;
import dev.slipway.fetch.wire.Route;
import dev.slipway.fetch.wire.SourceException;
import dev.slipway.fetch.wire.StalledException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The one client through which Slipway fetches.
 *
 * <p>It follows redirects itself: credentials never go to another origin, and nothing goes from https to plain http. Every
 * wait has an end, and a cancel ends it at once. Proxies are those of the usual environment variables. It speaks HTTP/1.1.
 */
public final class Fetcher implements AutoCloseable {
    private static final int MAX_REDIRECTS = 10;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(2);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "proxy-authorization");
    /** Written by this client itself. */
    private static final Set<String> FRAMING =
            Set.of("host", "content-length", "transfer-encoding", "connection", "expect");

    private final FetchOptions options;
    private final Function<String, TlsSettings> tls;
    private final EnvironmentProxies proxies = EnvironmentProxies.from(System.getenv());
    private final HttpWire wire;

    private Fetcher(FetchOptions options, Function<String, TlsSettings> tls) {
        this.options = options;
        this.tls = tls;
        this.wire = new HttpWire(options.connect());
    }

    /** A client that judges every host by the certificate authorities that Java trusts. */
    public static Fetcher create(FetchOptions options) {
        return create(options, _ -> TlsSettings.DEFAULT);
    }

    /**
     * A client with settings of its own for some hosts.
     *
     * @param tls gives the settings for {@code host:port}
     */
    public static Fetcher create(FetchOptions options, Function<String, TlsSettings> tls) {
        return new Fetcher(options, tls);
    }

    /**
     * Sends a request and waits for the head of the answer, whatever its status.
     *
     * @throws FetchException when there is no answer, or a redirect leads nowhere good
     */
    public FetchResponse send(FetchRequest request, Cancellation cancellation) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        headers.keySet().removeIf(name -> FRAMING.contains(name.toLowerCase(Locale.ROOT)));
        headers.putIfAbsent("User-Agent", options.userAgent());
        FetchRequest current = new FetchRequest(request.method(), request.uri(), headers, request.body());
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            FetchException.Subject subject = new FetchException.Subject(current.method(), current.uri());
            HttpWire.Exchange answer = exchange(subject, current, cancellation);
            FetchResponse response = new FetchResponse(
                    subject,
                    answer.head(),
                    new ResponseBody(subject, answer.body(), options.stall(), cancellation),
                    request.headers());
            if (!REDIRECTS.contains(response.status())) {
                return response;
            }
            response.close();
            current = redirected(current, response);
        }
        throw FetchException.refused(
                "fetch.bad-redirect",
                new FetchException.Subject(request.method(), request.uri()),
                "it was redirected more than " + MAX_REDIRECTS + " times");
    }

    private static FetchRequest redirected(FetchRequest request, FetchResponse answer) {
        URI target = target(request.uri(), answer.header("Location").orElse(""));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        if (!Addresses.origin(target).equals(Addresses.origin(request.uri()))) {
            headers.keySet().removeIf(name -> CREDENTIALS.contains(name.toLowerCase(Locale.ROOT)));
        }
        boolean read = request.method().equals("GET") || request.method().equals("HEAD");
        boolean becomesGet =
                !read && (answer.status() == 303 || (request.method().equals("POST") && answer.status() < 303));
        if (becomesGet) {
            headers.remove("Content-Type");
            return new FetchRequest("GET", target, headers, FetchBody.NONE);
        }
        return new FetchRequest(request.method(), target, headers, request.body());
    }

    private static URI target(URI from, String location) {
        URI target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException _) {
            throw FetchException.refused("fetch.bad-redirect", from, "it was redirected to a malformed address");
        }
        if (location.isEmpty() || !Addresses.isHttp(target)) {
            throw FetchException.refused("fetch.bad-redirect", from, "it was redirected to no address at all");
        }
        if ("https".equalsIgnoreCase(from.getScheme()) && "http".equalsIgnoreCase(target.getScheme())) {
            throw FetchException.refused(
                    "fetch.bad-redirect", from, "it was redirected to " + Addresses.bare(target) + ", without TLS");
        }
        return target;
    }

    private HttpWire.Exchange exchange(
            FetchException.Subject subject, FetchRequest request, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        URI uri = request.uri();
        Route route = Addresses.route(uri, proxies, tls);
        Map<String, String> headers = request.headers();
        if (route.forwarded()) {
            headers = new TreeMap<>(headers);
            String authorization = route.proxy().map(Route.Proxy::authorization).orElse("");
            if (!authorization.isEmpty()) {
                headers.put("Proxy-Authorization", authorization);
            }
        }
        Request line = new Request(
                request.method(),
                Addresses.target(uri, route.forwarded()),
                Addresses.authority(uri),
                headers,
                request.body(),
                options.answer(),
                options.stall());
        try {
            return wire.send(route, line, cancellation);
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw explain(subject, e);
        }
    }

    private FetchException explain(FetchException.Subject subject, IOException failure) {
        return switch (failure) {
            case SSLHandshakeException e
            when e.getCause() instanceof EOFException ->
                FetchException.unreachable(subject, "the connection was closed while TLS began", e);
            case SSLException e
            when e instanceof SSLHandshakeException
                    || e instanceof SSLPeerUnverifiedException
                    || text(e).contains("SSL message") -> FetchException.untrusted(subject, text(e), e);
            case StalledException e -> FetchException.stalled(subject, options.stall(), e);
            case SocketTimeoutException e ->
                FetchException.unreachable(
                        subject,
                        text(e).contains("onnect")
                                ? "no connection within " + options.connect().toMillis() + " ms"
                                : "no answer within " + options.answer().toMillis() + " ms",
                        e);
            case UnknownHostException e -> FetchException.unreachable(subject, "the host name is unknown", e);
            case ConnectException e -> FetchException.unreachable(subject, "the connection was refused", e);
            case NoRouteToHostException e -> FetchException.unreachable(subject, "there is no way to the host", e);
            case SourceException e -> FetchException.unreachable(subject, text(e), e);
            default -> FetchException.unreachable(subject, text(failure), failure);
        };
    }

    private static String text(IOException failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Like {@link Retry#call}, but also waits as long as the server asks, up to two minutes. */
    public static <T> T retry(Retry policy, Cancellation cancellation, Supplier<T> action) {
        AtomicInteger attempts = new AtomicInteger();
        return policy.call(cancellation, () -> {
            try {
                return action.get();
            } catch (FetchException e) {
                // After the last one there is nothing to wait for.
                if (e.retryable() && attempts.incrementAndGet() < policy.attempts()) {
                    e.retryAfter().ifPresent(wait -> pause(wait, cancellation));
                }
                throw e;
            }
        });
    }

    private static void pause(Duration wait, Cancellation cancellation) {
        Duration bounded = wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait;
        long deadline = System.nanoTime() + bounded.toNanos();
        Thread waiting = Thread.currentThread();
        try (var _ = cancellation.onCancel(() -> LockSupport.unpark(waiting))) {
            for (long left = bounded.toNanos();
                    left > 0 && !cancellation.isCancelled();
                    left = deadline - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
