package dev.slipway.oci.layer;

import dev.slipway.base.ProgressListener;

/** Says how far flattening is, in stored bytes; never goes back, also when it begins anew. */
final class UnpackProgress {
    private static final String STEP = "unpack";

    private final ProgressListener listener;
    private final long total;
    private long done;

    UnpackProgress(ProgressListener listener, long total) {
        this.listener = listener;
        this.total = total;
        listener.step(STEP, 0, total);
    }

    synchronized void at(long bytes) {
        if (bytes > done) {
            done = Math.min(bytes, total);
            listener.step(STEP, done, total);
        }
    }

    void finished() {
        at(total);
    }
}
