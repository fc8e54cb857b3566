package dev.slipway.http;

import dev.slipway.base.ErrorKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Chooses the handler for a request by method and path. Routes are tried in the order they were added, then mounts.
 *
 * <p>HEAD is answered by the GET route, OPTIONS by the list of methods. A path without a route is
 * {@code http.not-found} (404), one with routes for other methods {@code http.method-not-allowed} (405, with
 * {@code Allow}). Build it on one thread, before the server starts.
 */
public final class Router implements Handler {
    private record Route(String method, RoutePattern pattern, Handler handler) {}

    private record Mount(String prefix, Handler handler) {}

    private final List<Route> routes = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();
    private Handler otherwise = Router::notFound;

    /**
     * Adds a route; returns this.
     *
     * @param pattern such as {@code /v1/models/{id}}; {@code {name...}} as the last segment takes slashes too
     */
    public Router route(String method, String pattern, Handler handler) {
        routes.add(new Route(method, RoutePattern.parse(pattern), handler));
        return this;
    }

    /**
     * Gives every path that begins with {@code prefix}, and the prefix without its last slash, to one handler, whatever
     * the method; returns this.
     *
     * @param prefix such as {@code /v2/}
     */
    public Router mount(String prefix, Handler handler) {
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException("a mount begins and ends with a slash: " + prefix);
        }
        mounts.add(new Mount(prefix, handler));
        return this;
    }

    /** Replaces the answer to paths without a route; returns this. */
    public Router otherwise(Handler handler) {
        otherwise = handler;
        return this;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        SortedSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> values = route.pattern().match(exchange.path());
            if (values.isEmpty()) {
                continue;
            }
            if (serves(route, exchange.method())) {
                route.handler().handle(new RoutedExchange(exchange, values.get()));
                return;
            }
            allowed.add(route.method());
        }
        if (allowed.isEmpty()) {
            unrouted(exchange);
        } else {
            refuseMethod(exchange, allowed);
        }
    }

    private static boolean serves(Route route, String method) {
        return route.method().equals(method) || ("HEAD".equals(method) && "GET".equals(route.method()));
    }

    private void unrouted(Exchange exchange) throws IOException {
        for (Mount mount : mounts) {
            if ((exchange.path() + "/").equals(mount.prefix())
                    || exchange.path().startsWith(mount.prefix())) {
                mount.handler().handle(exchange);
                return;
            }
        }
        otherwise.handle(exchange);
    }

    private static void refuseMethod(Exchange exchange, SortedSet<String> allowed) throws IOException {
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        exchange.respondHeader("Allow", String.join(", ", allowed));
        if ("OPTIONS".equals(exchange.method())) {
            exchange.send(204);
            return;
        }
        throw new HttpException(
                "http.method-not-allowed",
                ErrorKind.INVALID,
                405,
                exchange.path() + " does not take " + exchange.method() + ".",
                "Use " + String.join(", ", allowed) + ".",
                null);
    }

    private static void notFound(Exchange exchange) {
        throw new HttpException(
                "http.not-found",
                ErrorKind.NOT_FOUND,
                404,
                "There is nothing at " + exchange.path() + ".",
                "Check the path for a typing error.",
                null);
    }
}
