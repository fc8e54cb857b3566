package dev.slipway.registry;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Digest;
import dev.slipway.http.Exchange;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.registry.mirror.BlobDownload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reading and deleting blobs. */
final class BlobEndpoint {
    private static final String BYTES = "application/octet-stream";
    private static final int BUFFER = 1 << 16;
    /** Up to here a whole blob is hashed before a part of it is sent: about half a second's work, once. */
    private static final ByteSize CHECKED_FOR_A_RANGE = ByteSize.ofMebibytes(1024);

    private final Site site;

    BlobEndpoint(Site site) {
        this.site = site;
    }

    void read(Exchange exchange, Repository repository, Digest digest) throws IOException {
        if (repository.upstream().isPresent() && !site.store().has(digest)) {
            Optional<Descriptor> known = repository.described(digest);
            if (known.isPresent() && passOn(exchange, repository.upstream().get(), known.get())) {
                return;
            }
        }
        if (exchange.method().equals("HEAD")) {
            // Clients that push ask so, and leave out what is here.
            repository.hold(digest);
        }
        long size = size(repository, digest);
        identify(exchange, digest);
        Optional<ByteRange> range = exchange.header("Range")
                .filter(_ -> exchange.method().equals("GET"))
                .flatMap(header -> ByteRange.parse(header, size));
        if (range.isEmpty()) {
            send(exchange, 200, digest, new ByteRange(0, size));
            return;
        }
        ByteRange part = range.get();
        if (!part.satisfiable()) {
            throw RegistryException.outOfRange(
                    "SIZE_INVALID",
                    "The blob has " + size + " bytes: the range is outside.",
                    Map.of("Content-Range", "bytes */" + size));
        }
        exchange.respondHeader(
                "Content-Range", "bytes " + part.first() + "-" + (part.first() + part.length() - 1) + "/" + size);
        send(exchange, 206, digest, part);
    }

    /** Fetches a blob and gives it on while it arrives. Returns whether that was the answer; else it is here now, or nowhere. */
    private boolean passOn(Exchange exchange, ImageReference place, Descriptor blob) throws IOException {
        OptionalLong length = OptionalLong.of(blob.size());
        if (exchange.method().equals("HEAD")) {
            identify(exchange, blob.digest());
            exchange.stream(200, BYTES, length).close();
            return true;
        }
        Optional<BlobDownload> download = site.mirror().flatMap(mirror -> mirror.blob(place, blob));
        if (download.isEmpty()) {
            return false;
        }
        if (exchange.header("Range").isPresent()) {
            download.get().await();
            return false;
        }
        download.get().awaitBeginning();
        identify(exchange, blob.digest());
        try {
            OutputStream out = exchange.stream(200, BYTES, length);
            download.get().copyTo(out);
            // Not in a try block: a body that could not be finished must break the connection.
            out.close();
        } finally {
            site.traffic().blobBytes.add(exchange.sent());
        }
        return true;
    }

    private static void identify(Exchange exchange, Digest digest) {
        exchange.respondHeader("Docker-Content-Digest", digest.toString());
        exchange.respondHeader("Accept-Ranges", "bytes");
        exchange.respondHeader("ETag", "\"" + digest + "\"");
    }

    private long size(Repository repository, Digest digest) {
        OptionalLong size = repository.has(digest) ? site.store().size(digest) : OptionalLong.empty();
        return size.orElseThrow(
                () -> RegistryException.unknown("BLOB_UNKNOWN", "There is no blob " + digest + " here."));
    }

    private void send(Exchange exchange, int status, Digest digest, ByteRange part) throws IOException {
        Optional<Path> file = site.store().file(digest);
        try {
            if (file.isEmpty()) {
                stream(exchange, status, digest, part);
            } else if (exchange.method().equals("HEAD") || known(digest, file.get(), status)) {
                exchange.sendFile(status, BYTES, file.get(), part.first(), part.length());
            } else {
                OutputStream out = exchange.stream(status, BYTES, OptionalLong.of(part.length()));
                if (!site.verified().send(digest, file.get(), out)) {
                    throw damaged(digest);
                }
                // Not in a try block: a body that could not be finished must break the connection.
                out.close();
            }
        } finally {
            site.traffic().blobBytes.add(exchange.sent());
        }
    }

    /**
     * Whether a file may be sent as it lies there. A part tells its reader nothing about the whole, so that is hashed first;
     * and so is a small one, while a clear answer is still possible.
     */
    private boolean known(Digest digest, Path file, int status) throws IOException {
        long size = Files.size(file);
        if (status == 200 && size > BUFFER) {
            return site.verified().knows(digest, file);
        }
        if (size <= CHECKED_FOR_A_RANGE.bytes() && !site.verified().check(digest, file)) {
            throw damaged(digest);
        }
        return true;
    }

    private static RegistryException damaged(Digest digest) {
        return RegistryException.unknown("BLOB_UNKNOWN", "The blob " + digest + " was damaged and has been removed.");
    }

    private void stream(Exchange exchange, int status, Digest digest, ByteRange part) throws IOException {
        OptionalLong length = OptionalLong.of(part.length());
        if (exchange.method().equals("HEAD")) {
            exchange.stream(status, BYTES, length).close();
            return;
        }
        try (InputStream in = site.store().open(digest)) {
            in.skipNBytes(part.first());
            OutputStream out = exchange.stream(status, BYTES, length);
            copy(in, out, part.length());
            // Not in a try block: a body that could not be finished must break the connection.
            out.close();
        }
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = length;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new IOException("the blob became shorter while it was sent");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    void delete(Exchange exchange, Repository repository, Digest digest) throws IOException {
        size(repository, digest);
        repository.hide(digest);
        exchange.send(202);
    }
}
