package dev.slipway.oci.layer;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses zstd, all frames of it (RFC 8878); skippable ones hold nothing. A frame may ask for a window of 128 MiB at
 * most, which is what the format's own tool takes unasked.
 */
final class ZstdDecompressor implements Decompressor {
    private final CompressedInput input;
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private boolean insideFrame;

    ZstdDecompressor(CompressedInput input) {
        this.input = input;
    }

    @Override
    public boolean fill(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            decompress(target);
            if (target.hasRemaining() && !input.more()) {
                if (insideFrame) {
                    throw damaged("it is cut off", null);
                }
                return false;
            }
        }
        return true;
    }

    private void decompress(ByteBuffer target) {
        ByteBuffer from = input.buffer();
        int before = from.position();
        try {
            boolean ended = context.decompressDirectByteBufferStream(target, from);
            insideFrame = !ended && (insideFrame || from.position() > before);
        } catch (ZstdException e) {
            throw damaged("the library says " + e.getMessage(), e);
        }
    }

    @Override
    public void drain() throws IOException {
        input.drain();
    }

    @Override
    public void close() throws IOException {
        context.close();
        input.close();
    }

    private static OciException damaged(String why, @Nullable Throwable cause) {
        return new OciException(
                "oci.invalid-zstd", ErrorKind.CORRUPT, "Decompressing a layer failed: " + why + ".", "", cause);
    }
}
