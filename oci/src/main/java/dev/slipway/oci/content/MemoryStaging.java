package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import dev.slipway.oci.OciException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.BiConsumer;

/** A staging in memory. */
final class MemoryStaging implements Staging {
    private final Runnable ended;
    private final BiConsumer<Digest, byte[]> publish;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    MemoryStaging(BiConsumer<Digest, byte[]> publish, Runnable ended) {
        this.publish = publish;
        this.ended = ended;
    }

    @Override
    public long offset() {
        return bytes.size();
    }

    @Override
    public void write(byte[] buffer, int from, int length) {
        bytes.write(buffer, from, length);
    }

    @Override
    public void truncate(long length) {
        if (length < bytes.size()) {
            byte[] all = bytes.toByteArray();
            bytes = new ByteArrayOutputStream();
            bytes.write(all, 0, (int) length);
        }
    }

    @Override
    public void commit(Digest digest) {
        commitFrom(0, digest);
    }

    @Override
    public void commitFrom(long first, Digest digest) {
        byte[] all = bytes.toByteArray();
        byte[] part = first == 0 ? all : Arrays.copyOfRange(all, (int) first, all.length);
        if (!Digest.of(digest.algorithm(), digest.hasher().digest(part)).equals(digest)) {
            throw OciException.corrupt(
                    "oci.digest-mismatch", "Taking in " + digest + " failed: the bytes have another digest.");
        }
        publish.accept(digest, part);
        ended.run();
    }

    @Override
    public void discard() {
        ended.run();
    }

    @Override
    public void close() {}
}
