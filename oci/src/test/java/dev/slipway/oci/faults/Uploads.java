package dev.slipway.oci.faults;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.ContentStore;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Uploads into the store: whole, in chunks, and taken up again. */
public final class Uploads {
    private final ContentStore store;
    private final Map<String, ByteArrayOutputStream> running = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private volatile boolean mounts = true;
    private volatile boolean forgetful;
    private volatile int minimumChunk;

    Uploads(ContentStore store) {
        this.store = store;
    }

    /** Whether blobs of other repositories can be taken over; all repositories share the store. */
    public void mounts(boolean possible) {
        mounts = possible;
    }

    /** Loses what an interrupted request has brought. */
    public void forgetful() {
        forgetful = true;
    }

    /** Asks for chunks of at least that size. */
    public void minimumChunk(int bytes) {
        minimumChunk = bytes;
    }

    RawAnswer answer(RawRequest request) {
        String id = request.path().replaceFirst(".*/uploads/", "");
        if (id.isEmpty()) {
            return begin(request);
        }
        ByteArrayOutputStream upload = running.get(id);
        if (upload == null) {
            return RawAnswer.of(404);
        }
        return switch (request.method()) {
            case "GET" -> range(RawAnswer.of(204), request.path(), upload);
            case "DELETE" -> {
                running.remove(id);
                yield RawAnswer.of(204);
            }
            case "PATCH" ->
                append(request, upload) ? range(RawAnswer.of(202), request.path(), upload) : RawAnswer.of(416);
            default -> finish(request, id, upload);
        };
    }

    private RawAnswer begin(RawRequest request) {
        Optional<Digest> mounted = request.parameter("mount").map(Digest::parse);
        if (mounts && mounted.isPresent() && store.has(mounted.get())) {
            return RawAnswer.of(201).with("Location", "/v2/told/blobs/" + mounted.get());
        }
        String id = "u" + ids.incrementAndGet();
        running.put(id, new ByteArrayOutputStream());
        RawAnswer answer = RawAnswer.of(202).with("Location", request.path() + id + "?state=kept");
        return minimumChunk > 0 ? answer.with("OCI-Chunk-Min-Length", String.valueOf(minimumChunk)) : answer;
    }

    private boolean append(RawRequest request, ByteArrayOutputStream upload) {
        String range = request.header("content-range");
        if (!range.isEmpty() && !range.startsWith(upload.size() + "-")) {
            return false;
        }
        if (request.complete() || !forgetful) {
            upload.writeBytes(request.body());
        }
        return true;
    }

    private static RawAnswer range(RawAnswer answer, String path, ByteArrayOutputStream upload) {
        return answer.with("Location", path + "?state=kept").with("Range", "0-" + Math.max(0, upload.size() - 1));
    }

    private RawAnswer finish(RawRequest request, String id, ByteArrayOutputStream upload) {
        if (!append(request, upload)) {
            return RawAnswer.of(416);
        }
        if (!request.complete()) {
            return RawAnswer.of(400);
        }
        Digest digest = Digest.parse(request.parameter("digest").orElseThrow());
        byte[] bytes = upload.toByteArray();
        running.remove(id);
        if (!Digest.sha256(bytes).equals(digest)) {
            return RawAnswer.text(400, "DIGEST_INVALID");
        }
        store.put(digest, bytes);
        return RawAnswer.of(201).with("Docker-Content-Digest", digest.toString());
    }

    RawAnswer manifest(RawRequest request, String repository, String target) {
        ManifestDocument document = ManifestDocument.parse(request.body(), request.header("content-type"));
        for (Descriptor child : children(document)) {
            if (!store.has(child.digest())) {
                return RawAnswer.text(404, "MANIFEST_BLOB_UNKNOWN " + child.digest());
            }
        }
        store.put(document.digest(), request.body());
        if (!target.contains(":")) {
            store.tag(repository + ":" + target, document.descriptor());
        }
        return RawAnswer.of(201).with("Docker-Content-Digest", document.digest().toString());
    }

    private static List<Descriptor> children(ManifestDocument document) {
        return switch (document) {
            case ImageIndex index -> index.manifests();
            case ImageManifest manifest ->
                Stream.concat(Stream.of(manifest.config()), manifest.layers().stream())
                        .filter(layer -> layer.urls().isEmpty())
                        .toList();
        };
    }
}
