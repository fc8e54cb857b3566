package dev.slipway.oci.faults;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.content.ContentStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry over a content store, on plain sockets, that misbehaves as its plan says. References in the store are
 * {@code repository:tag} or, for any repository, the bare tag.
 */
public final class FaultyRegistry implements AutoCloseable {
    private static final ByteSize LIMIT = ByteSize.ofMebibytes(512);
    /** Small, so that what counts as sent is nearly what has arrived. */
    private static final int SEND_BUFFER = 1 << 16;

    private static final Pattern CONTENT = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/]+)");
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");

    private final ContentStore store;
    private final ServerSocket server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<RawRequest> requests = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong blobBytes = new AtomicLong();
    private final AtomicLong manifestBytes = new AtomicLong();
    private final Guard guard = new Guard();
    private final Uploads uploads;
    private volatile Function<RawRequest, Fault> plan = _ -> Fault.NONE;
    private volatile RawRequest.BodyLimit bodyLimit = _ -> Long.MAX_VALUE;

    private FaultyRegistry(ContentStore store, ServerSocket server) {
        this.store = store;
        this.server = server;
        this.uploads = new Uploads(store);
    }

    /** Serves a store at a free port of the loopback address. */
    public static FaultyRegistry start(ContentStore store) throws IOException {
        ServerSocket socket = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        FaultyRegistry registry = new FaultyRegistry(store, socket);
        Thread.ofVirtual().name("faulty-registry").start(registry::accept);
        return registry;
    }

    /** Host and port. */
    public String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    public URI address() {
        return URI.create("http://" + host());
    }

    /** Says for each request what goes wrong with its answer. */
    public void plan(Function<RawRequest, Fault> newPlan) {
        plan = newPlan;
    }

    /** Cuts the connection after so many bytes of a request's body. */
    public void cutRequests(RawRequest.BodyLimit limit) {
        bodyLimit = limit;
    }

    /** Who may do what. */
    public Guard guard() {
        return guard;
    }

    /** The ways in which uploads can be made harder. */
    public Uploads uploads() {
        return uploads;
    }

    /** All requests so far. */
    public List<RawRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** How many bytes of blobs were sent. */
    public long blobBytes() {
        return blobBytes.get();
    }

    /** How many bytes of manifests were sent. */
    public long manifestBytes() {
        return manifestBytes.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setSendBufferSize(SEND_BUFFER);
                connections.add(socket);
                Thread.ofVirtual().name("faulty-registry-connection").start(() -> serve(socket));
            } catch (IOException _) {
                // Closed.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 14);
            boolean more = true;
            while (more) {
                RawRequest request = RawRequest.read(in, bodyLimit);
                if (request == null) {
                    return;
                }
                requests.add(request);
                if (!request.complete()) {
                    // Cut: what came is dealt with, and nobody hears of it.
                    right(request, Fault.NONE);
                    return;
                }
                more = answer(request, out);
                out.flush();
            }
        } catch (IOException _) {
            // The client has gone, or the test has ended.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(socket);
        }
    }

    private boolean answer(RawRequest request, OutputStream out) throws IOException, InterruptedException {
        Fault fault = plan.apply(request);
        RawAnswer answer = guard.refusal(request, host()).orElseGet(() -> right(request, fault));
        AtomicLong count = request.isBlob() && answer.status() / 100 == 2
                ? blobBytes
                : request.isManifest() ? manifestBytes : new AtomicLong();
        return answer.send(out, fault, request.method().equals("HEAD"), count);
    }

    private RawAnswer right(RawRequest request, Fault fault) {
        if (request.path().equals("/v2/")) {
            return RawAnswer.of(200);
        }
        if (request.path().contains("/blobs/uploads/")) {
            return uploads.answer(request);
        }
        Matcher content = CONTENT.matcher(request.path());
        if (!content.matches()) {
            return RawAnswer.of(404);
        }
        if (content.group(2).equals("manifests")) {
            return request.method().equals("PUT")
                    ? uploads.manifest(request, content.group(1), content.group(3))
                    : manifest(content.group(1), content.group(3));
        }
        return blob(request, Digest.parse(content.group(3)), fault);
    }

    private RawAnswer manifest(String repository, String target) {
        Digest digest = target.contains(":")
                ? Digest.parse(target)
                : store.resolve(repository + ":" + target)
                        .or(() -> store.resolve(target))
                        .map(Descriptor::digest)
                        .orElse(Digest.sha256("nothing"));
        if (!store.has(digest)) {
            return RawAnswer.text(404, "no such manifest");
        }
        byte[] bytes = store.read(digest, LIMIT);
        String type = new String(bytes, StandardCharsets.UTF_8).contains("\"manifests\"")
                ? MediaTypes.INDEX
                : MediaTypes.MANIFEST;
        return new RawAnswer(200, Map.of(), bytes)
                .with("Content-Type", type)
                .with("Docker-Content-Digest", digest.toString());
    }

    private RawAnswer blob(RawRequest request, Digest digest, Fault fault) {
        if (!store.has(digest)) {
            return RawAnswer.of(404);
        }
        byte[] bytes = store.read(digest, LIMIT);
        Matcher range = RANGE.matcher(request.header("range"));
        if (!range.matches() || fault instanceof Fault.IgnoresRange) {
            return new RawAnswer(200, Map.of("ETag", "\"" + digest + "\""), bytes);
        }
        int from = Integer.parseInt(range.group(1));
        if (from >= bytes.length) {
            return RawAnswer.of(416);
        }
        int to = range.group(2).isEmpty() ? bytes.length : Integer.parseInt(range.group(2)) + 1;
        return new RawAnswer(206, Map.of("ETag", "\"" + digest + "\""), Arrays.copyOfRange(bytes, from, to))
                .with("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException _) {
            // Nothing more is served in any case.
        }
    }
}
