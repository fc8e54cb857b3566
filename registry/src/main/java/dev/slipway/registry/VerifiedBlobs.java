package dev.slipway.registry;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.content.ContentStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which files are known to hold what their digests say, and the sending of those that are not.
 *
 * <p>A file is hashed when this process first sends it, when anything about it has changed since, and once an hour, since
 * bytes also decay. So a reader of a whole blob gets the right bytes or a broken connection, and the blob that was damaged
 * is in quarantine from then on.
 */
final class VerifiedBlobs {
    private static final Duration TRUST = Duration.ofHours(1);
    /** Beyond this many, all are forgotten: they are hashed once more. */
    private static final int MOST = 100_000;

    private static final int BUFFER = 1 << 18;
    private static final String STAMP = "unix:ino,size,ctime,lastModifiedTime";

    private final ContentStore store;
    private final Map<Digest, Seen> seen = new ConcurrentHashMap<>();

    /** A file as it was just before it was hashed, and when that was. */
    private record Seen(Map<String, Object> stamp, long nanos) {}

    VerifiedBlobs(ContentStore store) {
        this.store = store;
    }

    /** Whether a file was found right lately and has not been touched since. */
    boolean knows(Digest digest, Path file) throws IOException {
        Seen known = seen.get(digest);
        return known != null
                && System.nanoTime() - known.nanos < TRUST.toNanos()
                && known.stamp.equals(Files.readAttributes(file, STAMP));
    }

    /** Hashes a file, unless it is known. Returns whether it is right; if not, it has been taken out of the store. */
    boolean check(Digest digest, Path file) throws IOException {
        return knows(digest, file) || send(digest, file, OutputStream.nullOutputStream());
    }

    /**
     * Hashes a file while it is sent. Its end is held back until all of it has been found right. Returns whether it was;
     * if not, it has been taken out of the store.
     */
    boolean send(Digest digest, Path file, OutputStream out) throws IOException {
        Map<String, Object> stamp = Files.readAttributes(file, STAMP);
        MessageDigest hasher = digest.hasher();
        byte[] last = new byte[BUFFER];
        byte[] next = new byte[BUFFER];
        try (FileChannel channel = FileChannel.open(file)) {
            int held = channel.read(ByteBuffer.wrap(last));
            while (held >= 0) {
                hasher.update(last, 0, held);
                int read = channel.read(ByteBuffer.wrap(next));
                if (read < 0) {
                    break;
                }
                out.write(last, 0, held);
                byte[] free = last;
                last = next;
                next = free;
                held = read;
            }
            if (!Digest.of(digest.algorithm(), hasher.digest()).equals(digest)) {
                seen.remove(digest);
                store.verify(List.of(digest), ProgressListener.NONE, Cancellation.never());
                return false;
            }
            out.write(last, 0, Math.max(0, held));
        }
        if (seen.size() >= MOST) {
            seen.clear();
        }
        seen.put(digest, new Seen(stamp, System.nanoTime()));
        return true;
    }
}
