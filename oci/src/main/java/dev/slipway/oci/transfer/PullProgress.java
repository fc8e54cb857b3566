package dev.slipway.oci.transfer;

import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Reports each blob and the sum of all; a blob that has to begin again stands still until it is past where it was. */
final class PullProgress {
    private final String step;
    private final ProgressListener listener;
    private final Map<Digest, Long> done = new HashMap<>();
    private final long total;
    private final ReentrantLock lock = new ReentrantLock();
    private long sum;

    PullProgress(ProgressListener listener, Collection<Descriptor> blobs) {
        this("pull", listener, blobs);
    }

    /** Reports under the given word. */
    PullProgress(String step, ProgressListener listener, Collection<Descriptor> blobs) {
        this.step = step;
        this.listener = listener;
        this.total = blobs.stream().mapToLong(Descriptor::size).sum();
    }

    void reached(Descriptor blob, long offset) {
        lock.lock();
        try {
            long before = done.getOrDefault(blob.digest(), -1L);
            if (offset > before) {
                done.put(blob.digest(), offset);
                sum += offset - Math.max(before, 0);
                listener.step(step + " " + blob.digest().shortHex(), offset, blob.size());
                listener.step(step, sum, total);
            }
        } finally {
            lock.unlock();
        }
    }
}
