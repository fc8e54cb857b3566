package dev.slipway.oci.transfer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.ContentStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A registry that serves a store, and misbehaves as told. */
final class FakeRegistry implements AutoCloseable {
    private static final ByteSize LIMIT = ByteSize.ofMebibytes(64);

    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final AtomicLong blobBytes = new AtomicLong();
    final AtomicLong manifestBytes = new AtomicLong();
    /** Each blob answer is cut off after so many bytes. */
    volatile int cutAfter = Integer.MAX_VALUE;

    volatile boolean ignoresRanges;
    volatile boolean wantsToken;
    volatile boolean corruptsBlobs;
    volatile String manifestType = "";
    volatile String digestHeader = "";
    /** So many requests are first answered with this status. */
    final AtomicInteger failures = new AtomicInteger();

    volatile int failureStatus = 503;

    private final ContentStore store;
    private final HttpServer server;

    FakeRegistry(ContentStore store) throws IOException {
        this.store = store;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v2/", this::handle);
        server.createContext(
                "/token",
                exchange -> answer(
                        exchange, 200, "{\"token\":\"t0ken\"}".getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE));
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    URI address() {
        return URI.create("http://" + host());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestURI().toString());
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answer(exchange, failureStatus, new byte[0], 0);
        } else if (wantsToken
                && !"Bearer t0ken".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders()
                    .add(
                            "WWW-Authenticate",
                            "Bearer realm=\"" + address() + "/token\",service=\"fake\",scope=\"repository:a/b:pull\"");
            answer(exchange, 401, new byte[0], 0);
        } else if (path.contains("/manifests/")) {
            manifest(exchange, path.substring(path.lastIndexOf('/') + 1));
        } else {
            blob(exchange, Digest.parse(path.substring(path.lastIndexOf('/') + 1)));
        }
    }

    private void manifest(HttpExchange exchange, String target) throws IOException {
        Digest digest = target.contains(":")
                ? Digest.parse(target)
                : store.resolve(target).map(Descriptor::digest).orElse(Digest.sha256("nothing"));
        if (!store.has(digest)) {
            answer(exchange, 404, "no such manifest".getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", manifestType);
        exchange.getResponseHeaders()
                .add("Docker-Content-Digest", digestHeader.isEmpty() ? digest.toString() : digestHeader);
        byte[] bytes = store.read(digest, LIMIT);
        manifestBytes.addAndGet(bytes.length);
        answer(exchange, 200, bytes, Integer.MAX_VALUE);
    }

    private void blob(HttpExchange exchange, Digest digest) throws IOException {
        if (!store.has(digest)) {
            answer(exchange, 404, new byte[0], 0);
            return;
        }
        byte[] bytes = store.read(digest, LIMIT);
        if (corruptsBlobs) {
            bytes = bytes.clone();
            bytes[bytes.length - 1] ^= 1;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null || ignoresRanges ? 0 : Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
        byte[] part = Arrays.copyOfRange(bytes, from, bytes.length);
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        blobBytes.addAndGet(Math.min(part.length, cutAfter));
        answer(exchange, from > 0 ? 206 : 200, part, cutAfter);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body, int cutAfter) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        int sent = Math.min(body.length, cutAfter);
        exchange.getResponseBody().write(body, 0, sent);
        if (sent < body.length) {
            exchange.getResponseBody().flush();
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
