package dev.slipway.oci.layer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Passes on what is not compressed. */
final class PlainDecompressor implements Decompressor {
    private final CompressedInput input;

    PlainDecompressor(CompressedInput input) {
        this.input = input;
    }

    @Override
    public boolean fill(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (!input.more()) {
                return false;
            }
            ByteBuffer from = input.buffer();
            int count = Math.min(from.remaining(), target.remaining());
            target.put(from.slice(from.position(), count));
            from.position(from.position() + count);
        }
        return true;
    }

    @Override
    public void drain() throws IOException {
        input.drain();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
