package dev.slipway.oci.tar;

import dev.slipway.oci.tree.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the data of a sparse file lie, in the four forms that GNU tar has written.
 *
 * @param name what the file is really called, or null when the header says it
 * @param size with the holes
 * @param extents ascending; empty when there is no hole
 * @param prefix how many bytes of the entry's content the map itself takes
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html">GNU tar manual, storing sparse
 *     files</a>
 */
record SparseMap(@Nullable String name, long size, List<Extent> extents, long prefix) {
    static final String KEY = "GNU.sparse.";
    /** The key under which versions 0.0 and 0.1 have the map. */
    static final String MAP = KEY + "map";

    private static final int MAX_EXTENTS = 100_000;
    private static final int MAX_DIGITS = 20;

    /** Whether the records say that the entry is sparse. */
    static boolean isIn(Map<String, String> extended) {
        return extended.containsKey(MAP) || extended.containsKey(KEY + "major");
    }

    /** Reads versions 0.0, 0.1 and 1.0, the last of which has its map in front of the content. */
    static SparseMap read(Map<String, String> extended, TarSource source) throws IOException {
        @Nullable String name = extended.get(KEY + "name");
        String major = extended.getOrDefault(KEY + "major", "0");
        if (major.equals("0")) {
            String[] numbers = extended.getOrDefault(MAP, "").split(",", -1);
            List<Long> map = new ArrayList<>();
            for (String number : numbers.length == 1 && numbers[0].isEmpty() ? new String[0] : numbers) {
                add(map, PaxRecords.number(MAP, number));
            }
            return of(name, number(extended, "size"), map, 0);
        }
        if (!major.equals("1") || !extended.getOrDefault(KEY + "minor", "0").equals("0")) {
            throw TarSource.invalid("a sparse file has the unknown version " + TarHeader.textOf(major));
        }
        Lines lines = new Lines(source);
        long count = lines.number();
        if (count > MAX_EXTENTS) {
            throw tooMany();
        }
        List<Long> map = new ArrayList<>();
        for (long i = 0; i < 2 * count; i++) {
            add(map, lines.number());
        }
        return of(name, number(extended, "realsize"), map, lines.blocks * TarSource.BLOCK);
    }

    /** Reads the form from before pax: the map stands in the header and in blocks behind it. */
    static SparseMap readOld(TarBlock header, TarSource source) throws IOException {
        List<Long> map = new ArrayList<>();
        addAll(map, header, 386, 4);
        boolean more = header.flag(482) != 0;
        while (more) {
            TarBlock block = new TarBlock();
            if (!block.read(source)) {
                throw TarSource.invalid("it is cut off inside a header");
            }
            addAll(map, block, 0, 21);
            more = block.flag(504) != 0;
        }
        return of(null, header.number(483, 12), map, 0);
    }

    private static void addAll(List<Long> map, TarBlock block, int at, int count) {
        for (int i = at; i < at + 24 * count && block.flag(i + 12) != 0; i += 24) {
            add(map, block.number(i, 12));
            add(map, block.number(i + 12, 12));
        }
    }

    private static void add(List<Long> map, long number) {
        map.add(number);
        if (map.size() > 2 * MAX_EXTENTS) {
            throw tooMany();
        }
    }

    private static RuntimeException tooMany() {
        return TarSource.invalid("a sparse file has more than " + MAX_EXTENTS + " extents");
    }

    private static long number(Map<String, String> extended, String key) {
        @Nullable String text = extended.get(KEY + key);
        if (text == null) {
            throw TarSource.invalid("a sparse file has no size");
        }
        return PaxRecords.number(KEY + key, text);
    }

    private static SparseMap of(@Nullable String name, long size, List<Long> map, long prefix) {
        if (map.size() % 2 != 0 || size < 0) {
            throw TarSource.invalid("a sparse file's map is malformed");
        }
        List<Extent> extents = new ArrayList<>();
        long end = 0;
        for (int i = 0; i < map.size(); i += 2) {
            long offset = map.get(i);
            long length = map.get(i + 1);
            if (offset < end || length < 0 || offset > size || length > size - offset) {
                throw TarSource.invalid("a sparse file's extents overlap or go beyond its size");
            }
            if (length > 0) {
                extents.add(new Extent(offset, length));
                end = offset + length;
            }
        }
        boolean whole = extents.size() == 1 && extents.getFirst().length() == size;
        if (extents.isEmpty() && size > 0) {
            extents.add(new Extent(size, 0));
        }
        return new SparseMap(name, size, whole ? List.of() : extents, prefix);
    }

    /** How many bytes of content follow the map. */
    long contentSize() {
        return extents.isEmpty()
                ? size
                : extents.stream().mapToLong(Extent::length).sum();
    }

    /** Decimal numbers, a line each, in blocks of their own. */
    private static final class Lines {
        private final TarSource source;
        private final byte[] block = new byte[TarSource.BLOCK];
        private int at = TarSource.BLOCK;
        private long blocks;

        Lines(TarSource source) {
            this.source = source;
        }

        long number() throws IOException {
            StringBuilder digits = new StringBuilder();
            for (byte next = next(); next != '\n'; next = next()) {
                digits.append((char) (next & 0xff));
                if (digits.length() > MAX_DIGITS) {
                    throw TarSource.invalid("a sparse file's map is malformed");
                }
            }
            long number = PaxRecords.number(MAP, digits.toString());
            if (number < 0) {
                throw TarSource.invalid("a sparse file's map is malformed");
            }
            return number;
        }

        private byte next() throws IOException {
            if (at == TarSource.BLOCK) {
                if (!source.block(block)) {
                    throw TarSource.invalid("it is cut off inside a sparse file's map");
                }
                blocks++;
                at = 0;
            }
            return block[at++];
        }
    }
}
