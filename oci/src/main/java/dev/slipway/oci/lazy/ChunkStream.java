package dev.slipway.oci.lazy;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Retry;
import dev.slipway.oci.OciException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A file's content, chunk by chunk. Chunks of a usual size are verified before any of their bytes is handed out, a larger one
 * before its end is.
 */
final class ChunkStream extends InputStream {
    /** The largest chunk that is held in memory; eStargz makes them of 4 MiB at most unless told otherwise. */
    static final int MAX_HELD = 8 << 20;

    private final RemoteBlob blob;
    private final Content.Chunks content;
    private final BlobSpan span;
    private int next;
    private InputStream present = InputStream.nullInputStream();

    private ChunkStream(RemoteBlob blob, Content.Chunks content) {
        this.blob = blob;
        this.content = content;
        this.span = new BlobSpan(
                blob, content.chunks().stream().mapToLong(Chunk::end).max().orElse(0));
    }

    /**
     * Prepares to read a file.
     *
     * @throws OciException {@code oci.invalid-toc} when a part of the file has no digest
     */
    static InputStream open(RemoteBlob blob, Content.Chunks content, long size) {
        boolean eachVerified =
                content.chunks().stream().allMatch(chunk -> chunk.digest().isPresent());
        if (!eachVerified && content.digest().isEmpty()) {
            throw TocFooter.invalid(blob.layer(), "a file has no digest");
        }
        return new VerifiedStream(new ChunkStream(blob, content), size, content.digest(), blob.layer());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int read = present.read(buffer, from, length);
        while (read < 0 && next < content.chunks().size()) {
            present.close();
            present = open(content.chunks().get(next++));
            read = present.read(buffer, from, length);
        }
        return read;
    }

    private InputStream open(Chunk chunk) throws IOException {
        if (chunk.size() > MAX_HELD || chunk.zeros()) {
            return verified(chunk);
        }
        byte[] bytes = Retry.DEFAULT.call(blob.cancellation(), () -> hold(chunk));
        return new ByteArrayInputStream(bytes);
    }

    private byte[] hold(Chunk chunk) {
        try (InputStream in = verified(chunk)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw AtomicFiles.explain("read layer " + blob.layer().digest(), e);
        } catch (RuntimeException e) {
            try {
                // Whatever it was, what is left of this answer is of no use any more.
                span.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private InputStream verified(Chunk chunk) throws IOException {
        return new VerifiedStream(plain(chunk), chunk.size(), chunk.digest(), blob.layer());
    }

    private InputStream plain(Chunk chunk) throws IOException {
        if (chunk.zeros()) {
            return new Zeros();
        }
        InputStream in = content.codec().expand(span.part(chunk.offset(), chunk.end()));
        try {
            in.skipNBytes(chunk.skip());
            return in;
        } catch (EOFException _) {
            in.close();
            throw TocFooter.invalid(blob.layer(), "a file begins where its chunk has ended");
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try (span) {
            present.close();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Zeros without an end. */
    private static final class Zeros extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] buffer, int from, int length) {
            java.util.Arrays.fill(buffer, from, from + length, (byte) 0);
            return length;
        }
    }
}
