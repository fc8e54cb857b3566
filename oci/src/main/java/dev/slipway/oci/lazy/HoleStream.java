package dev.slipway.oci.lazy;

import dev.slipway.oci.tree.Extent;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** A sparse file as it reads: zeros where it has holes. */
final class HoleStream extends FilterInputStream {
    private final List<Extent> extents;
    private final long size;
    private long position;
    private int next;

    /**
     * Fills the holes of a file.
     *
     * @param in the bytes of the extents, one after the other
     * @param size holes included
     */
    HoleStream(InputStream in, List<Extent> extents, long size) {
        super(in);
        this.extents = extents;
        this.size = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        while (next < extents.size() && extents.get(next).end() <= position) {
            next++;
        }
        boolean ended = next == extents.size();
        long begin = ended ? size : extents.get(next).offset();
        if (position < begin) {
            int count = (int) Math.min(length, begin - position);
            Arrays.fill(buffer, from, from + count, (byte) 0);
            position += count;
            return count;
        }
        if (ended) {
            // To the very end, where the extents prove right or wrong.
            return in.read(buffer, from, 1);
        }
        int read =
                in.read(buffer, from, (int) Math.min(length, extents.get(next).end() - position));
        position += Math.max(0, read);
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 1 << 16)).length;
    }
}
