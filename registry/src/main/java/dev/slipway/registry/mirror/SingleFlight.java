package dev.slipway.registry.mirror;

import dev.slipway.registry.RegistryException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Lets one caller do what several want at the same time, and gives all of them its result. */
final class SingleFlight<T> {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Map<String, FutureTask<T>> running = new ConcurrentHashMap<>();

    T call(String key, Supplier<T> work) {
        FutureTask<T> own = new FutureTask<>(work::get);
        FutureTask<T> first = running.putIfAbsent(key, own);
        if (first == null) {
            try {
                own.run();
            } finally {
                running.remove(key);
            }
        }
        try {
            return (first == null ? own : first).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (TimeoutException _) {
            throw RegistryException.upstreamGone("The upstream registry took too long.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw RegistryException.upstreamGone("The registry is stopping.");
        }
    }
}
