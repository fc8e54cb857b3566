package dev.slipway.fetch;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Retry;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The one client through which Slipway fetches.
 *
 * <p>It follows redirects itself: credentials never go to another origin, and nothing goes from https to plain http. Every
 * wait has an end, and a cancel ends it at once. Proxies are those of the usual environment variables.
 */
public final class Fetcher implements AutoCloseable {
    private static final int MAX_REDIRECTS = 10;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(2);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "proxy-authorization");

    private final FetchOptions options;
    private final HttpClient client;

    private Fetcher(FetchOptions options) {
        this.options = options;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.connect())
                .proxy(EnvironmentProxies.from(System.getenv()))
                .build();
    }

    public static Fetcher create(FetchOptions options) {
        return new Fetcher(options);
    }

    /**
     * Sends a request and waits for the head of the answer, whatever its status.
     *
     * @throws FetchException when there is no answer, or a redirect leads nowhere good
     */
    public FetchResponse send(FetchRequest request, Cancellation cancellation) {
        URI uri = request.uri();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        headers.putIfAbsent("User-Agent", options.userAgent());
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpResponse<InputStream> answer = exchange(request.method(), uri, headers, cancellation);
            if (!REDIRECTS.contains(answer.statusCode())) {
                return new FetchResponse(
                        uri,
                        answer.statusCode(),
                        answer.headers(),
                        new WatchedBody(uri, answer.body(), options.stall(), cancellation));
            }
            discard(answer.body());
            URI next = target(uri, answer);
            if (!Addresses.origin(next).equals(Addresses.origin(uri))) {
                headers.keySet().removeIf(name -> CREDENTIALS.contains(name.toLowerCase(Locale.ROOT)));
            }
            uri = next;
        }
        throw FetchException.refused(
                "fetch.bad-redirect", request.uri(), "it was redirected more than " + MAX_REDIRECTS + " times");
    }

    private static URI target(URI from, HttpResponse<?> answer) {
        String location = answer.headers().firstValue("Location").orElse("");
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

    private HttpResponse<InputStream> exchange(
            String method, URI uri, Map<String, String> headers, Cancellation cancellation) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .timeout(options.answer());
        headers.forEach(builder::header);
        cancellation.throwIfCancelled();
        CompletableFuture<HttpResponse<InputStream>> answer =
                client.sendAsync(builder.build(), BodyHandlers.ofInputStream());
        try (var _ = cancellation.onCancel(() -> answer.cancel(true))) {
            // The client's own timeout comes first; this one only makes sure that there is an end.
            return answer.get(options.answer().plusSeconds(30).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            cancellation.throwIfCancelled();
            throw explain(uri, e.getCause() == null ? e : e.getCause());
        } catch (CancellationException | TimeoutException e) {
            answer.cancel(true);
            cancellation.throwIfCancelled();
            throw FetchException.unreachable(uri, "no answer came", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw FetchException.unreachable(uri, "the waiting thread was interrupted", e);
        }
    }

    private FetchException explain(URI uri, Throwable failure) {
        String why = switch (failure) {
            case HttpConnectTimeoutException _ ->
                "no connection within " + options.connect().toSeconds() + " s";
            case HttpTimeoutException _ ->
                "no answer within " + options.answer().toMillis() + " ms";
            case ConnectException e
            when e.getCause() instanceof UnresolvedAddressException -> "the host name is unknown";
            case ConnectException _ -> "the connection was refused";
            default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
        };
        return FetchException.unreachable(uri, why, failure);
    }

    private static void discard(InputStream body) {
        try (body) {
            // A short body is read so that its connection can be used again.
            body.readNBytes(1024);
        } catch (IOException _) {
            // Nobody wants this body.
        }
    }

    /** Like {@link Retry#call}, but also waits as long as the server asks, up to two minutes. */
    public static <T> T retry(Retry policy, Cancellation cancellation, Supplier<T> action) {
        return policy.call(cancellation, () -> {
            try {
                return action.get();
            } catch (FetchException e) {
                if (e.retryable()) {
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
        client.shutdownNow();
    }
}
