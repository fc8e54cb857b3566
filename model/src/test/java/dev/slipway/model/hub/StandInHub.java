package dev.slipway.model.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.base.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Hub's HTTP API over loopback, with its separate host for large files: answers as the Hub does, and as badly as a
 * test asks.
 */
final class StandInHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String ID = "acme/tiny-model";

    /** Files from this size on are large: told by SHA-256 and kept on the other host. */
    private static final int LARGE = 1000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer api;
    private final HttpServer store;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<String> tokensAtStore = new CopyOnWriteArrayList<>();
    final AtomicInteger cuts = new AtomicInteger();
    volatile String requiredToken = "";
    volatile boolean gated;
    volatile boolean damages;
    volatile boolean ignoresRanges;
    volatile boolean sendsTooLittle;

    StandInHub() throws IOException {
        api = start();
        store = start();
        api.createContext("/", exchange -> {
            try (exchange) {
                api(exchange);
            }
        });
        store.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestHeaders()
                        .getOrDefault("Authorization", List.of())
                        .forEach(tokensAtStore::add);
                bytes(exchange, exchange.getRequestURI().getPath().substring(1), Map.of());
            }
        });
    }

    private static HttpServer start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    StandInHub file(String name, byte[] bytes) {
        files.put(name, bytes);
        return this;
    }

    StandInHub file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + api.getAddress().getPort());
    }

    private void api(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        if (gated) {
            refuse(exchange, sent == null ? 401 : 403, "GatedRepo");
        } else if (!requiredToken.isEmpty() && !("Bearer " + requiredToken).equals(sent)) {
            // The Hub says of what it hides that it is not there.
            refuse(exchange, sent == null ? 401 : 403, sent == null ? "RepoNotFound" : "");
        } else if (path.equals("/api/models/" + ID + "/revision/main")
                || path.equals("/api/models/" + ID + "/revision/" + COMMIT)) {
            answer(exchange, 200, JSON.writeValueAsBytes(description()), Map.of());
        } else if (path.startsWith("/api/models/" + ID + "/")) {
            refuse(exchange, 404, "RevisionNotFound");
        } else if (path.startsWith("/" + ID + "/resolve/" + COMMIT + "/")) {
            resolve(exchange, path.substring(("/" + ID + "/resolve/" + COMMIT + "/").length()));
        } else {
            refuse(exchange, 404, "RepoNotFound");
        }
    }

    private void resolve(HttpExchange exchange, String name) throws IOException {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            refuse(exchange, 404, "EntryNotFound");
        } else if (bytes.length < LARGE) {
            bytes(exchange, name, Map.of("ETag", "\"" + gitHash(bytes) + "\""));
        } else {
            exchange.getResponseHeaders()
                    .add("Location", "http://127.0.0.1:" + store.getAddress().getPort() + "/" + name);
            exchange.getResponseHeaders()
                    .add("X-Linked-Etag", "\"" + Digest.sha256(bytes).hex() + "\"");
            exchange.sendResponseHeaders(302, -1);
        }
    }

    private Map<String, Object> description() {
        List<Map<String, Object>> siblings = new ArrayList<>();
        files.forEach((name, bytes) -> {
            Map<String, Object> sibling = new LinkedHashMap<>();
            sibling.put("rfilename", name);
            sibling.put("size", bytes.length);
            sibling.put("blobId", gitHash(bytes));
            if (bytes.length >= LARGE) {
                sibling.put("lfs", Map.of("sha256", Digest.sha256(bytes).hex(), "size", bytes.length));
            }
            siblings.add(sibling);
        });
        return Map.of("id", ID, "sha", COMMIT, "siblings", siblings);
    }

    /** A body or a part of one; cut in the middle as often as a test asks. */
    private void bytes(HttpExchange exchange, String name, Map<String, String> headers) throws IOException {
        byte[] bytes = files.get(name).clone();
        if (damages) {
            bytes[bytes.length - 1] ^= 1;
        }
        if (sendsTooLittle) {
            bytes = java.util.Arrays.copyOf(bytes, bytes.length / 2);
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add("BYTES " + name + (range == null ? "" : " " + range));
        int from = range == null || ignoresRanges ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
        if (from >= bytes.length) {
            refuse(exchange, sendsTooLittle ? 206 : 416, "");
            return;
        }
        byte[] part = java.util.Arrays.copyOfRange(bytes, from, bytes.length);
        headers.forEach(exchange.getResponseHeaders()::add);
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, part.length);
        if (bytes.length >= LARGE && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.getResponseBody().write(part, 0, part.length / 2);
            exchange.getResponseBody().flush();
            // Closing before all was written breaks the connection.
            return;
        }
        exchange.getResponseBody().write(part);
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        answer(exchange, status, "{\"error\":\"no\"}".getBytes(StandardCharsets.UTF_8), Map.of("X-Error-Code", code));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body, Map<String, String> headers)
            throws IOException {
        headers.forEach(exchange.getResponseHeaders()::add);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    static String gitHash(byte[] bytes) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha1.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        api.stop(0);
        store.stop(0);
    }
}
