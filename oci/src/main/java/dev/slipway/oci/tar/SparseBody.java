package dev.slipway.oci.tar;

import dev.slipway.oci.tree.Extent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a file with holes looks like in an archive, in the form that GNU tar calls sparse 1.0: a map of its data, padded to a
 * block, and then the data.
 *
 * <p>Extents are widened to whole blocks: of others, some readers think that each begins a new block and some that it does
 * not.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html">GNU tar, storing sparse files</a>
 */
final class SparseBody {
    private static final int BLOCK = TarWriter.BLOCK;

    private final List<Extent> extents;
    private final List<Extent> widened = new ArrayList<>();
    private final byte[] map;

    SparseBody(long size, List<Extent> extents) {
        this.extents = extents.stream().filter(extent -> extent.length() > 0).toList();
        this.extents.forEach(extent -> widen(extent, size));
        this.map = map(size);
    }

    private void widen(Extent extent, long size) {
        long from = extent.offset() / BLOCK * BLOCK;
        long to = Math.min(size, (extent.end() + BLOCK - 1) / BLOCK * BLOCK);
        if (!widened.isEmpty() && widened.getLast().end() >= from) {
            from = widened.removeLast().offset();
        }
        widened.add(new Extent(from, to - from));
    }

    private byte[] map(long size) {
        List<Extent> all = new ArrayList<>(widened);
        if (all.isEmpty() || all.getLast().end() < size) {
            // A hole at the end shows only by something that follows it.
            all.add(new Extent(size, 0));
        }
        StringBuilder lines = new StringBuilder().append(all.size()).append('\n');
        for (Extent extent : all) {
            lines.append(extent.offset()).append('\n').append(extent.length()).append('\n');
        }
        byte[] bytes = lines.toString().getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(bytes, (bytes.length + BLOCK - 1) / BLOCK * BLOCK);
    }

    /** How many bytes it takes in the archive. */
    long size() {
        return map.length + widened.stream().mapToLong(Extent::length).sum();
    }

    /** Copies as many bytes as it is told. */
    @FunctionalInterface
    interface Copy {
        void bytes(InputStream from, long count) throws IOException;
    }

    void write(OutputStream out, InputStream content, Copy copy) throws IOException {
        out.write(map);
        int next = 0;
        for (Extent wide : widened) {
            long place = wide.offset();
            while (next < extents.size() && extents.get(next).offset() < wide.end()) {
                Extent extent = extents.get(next);
                zeros(out, extent.offset() - place);
                copy.bytes(content, extent.length());
                place = extent.end();
                next++;
            }
            zeros(out, wide.end() - place);
        }
    }

    private static void zeros(OutputStream out, long count) throws IOException {
        // Between extents that have become one there are less than two blocks.
        out.write(new byte[(int) count]);
    }
}
