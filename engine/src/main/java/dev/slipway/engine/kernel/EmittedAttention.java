package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.AttentionCode;
import dev.slipway.engine.kernel.x86.CacheForm;
import dev.slipway.engine.kernel.x86.CacheForm.Stored;
import dev.slipway.engine.kernel.x86.Level;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Attention by emitted code; gives the bits of {@link PlainAttention}. */
final class EmittedAttention {
    private static final int PAGE = KernelProvider.PAGE;

    /** Multiplications of one call: a fraction of a millisecond. */
    private static final long CALL_WORK = 1 << 23;

    private static final AttentionCode.Numbers NUMBERS = new AttentionCode.Numbers(
            PlainAttention.HIDDEN, PlainAttention.LEAST_EXPONENT, PlainAttention.ROUNDER, PlainAttention.POWERS);

    private final Level level;
    private final Map<Key, MemorySegment> codes = new ConcurrentHashMap<>();

    /** What code depends on beside the level. */
    private record Key(CacheForm form, int rows) {}

    EmittedAttention(Level level) {
        this.level = level;
    }

    private static CacheForm form(PageForm form) {
        return new CacheForm(form.headSize(), PAGE, stored(form.keys()), stored(form.values()), form.valueRow());
    }

    private static Stored stored(CacheType type) {
        return switch (type) {
            case F32 -> Stored.FLOAT;
            case F16 -> Stored.HALF;
            case Q8_0 -> Stored.SCALED_BYTE;
        };
    }

    void attend(AttentionTile tile) {
        CacheForm form = form(tile.form());
        int most = AttentionCode.mostRows(level, form);
        int tiles = Math.ceilDiv(tile.count(), most);
        int rows = Math.ceilDiv(tile.count(), tiles);
        MemorySegment code = codes.computeIfAbsent(
                new Key(form, rows), key -> NativeCode.load(AttentionCode.of(level, key.form, key.rows, NUMBERS)));
        new Work(tile, form, code, tiles, rows).run();
    }

    /** One call's arrays. Rows beyond the tile's, which fill the last of the code's tiles up, repeat its last one's range. */
    private static final class Work {
        private final AttentionTile tile;
        private final CacheForm form;
        private final MemorySegment code;
        private final int tiles;
        private final int rows;
        private final float[] queries;
        private final float[] states;
        private final int[] ranges;

        Work(AttentionTile tile, CacheForm form, MemorySegment code, int tiles, int rows) {
            this.tile = tile;
            this.form = form;
            this.code = code;
            this.tiles = tiles;
            this.rows = rows;
            this.queries = new float[tiles * rows * form.headSize()];
            this.states = new float[tiles * rows * form.stateFloats()];
            this.ranges = new int[AttentionCode.RANGES_HEAD + tiles * (AttentionCode.TILE_HEAD + 2 * rows)];
        }

        void run() {
            gather();
            int used = Math.ceilDiv(tile.to(tile.count() - 1), PAGE) - tile.firstPage();
            long pageWork = 2L * tiles * rows * form.headSize() * PAGE;
            int together = Math.clamp(CALL_WORK / pageWork, 1, used);
            for (int from = 0; from < used; from += together) {
                call(tile.pages().subList(from, Math.min(used, from + together)), (tile.firstPage() + from) * PAGE);
            }
            scatter();
        }

        private void gather() {
            int width = tile.rows().group() * form.headSize();
            for (int i = 0; i < tile.rows().positions(); i++) {
                int from = tile.rows().offset() + i * tile.rows().stride();
                System.arraycopy(tile.rows().queries(), from, queries, i * width, width);
            }
            for (int row = 0; row < tiles * rows; row++) {
                states[row * form.stateFloats() + form.topAt()] = PlainAttention.HIDDEN;
            }
        }

        private void call(List<Page> pages, int start) {
            describe(start);
            long[] addresses = new long[2 * pages.size() + 2];
            MemorySegment keys = MemorySegment.NULL;
            for (int i = 0; i < pages.size(); i++) {
                // These slices prove what the code reads.
                keys = pages.get(i).keys(tile.layer(), tile.kvHead());
                addresses[2 * i] = keys.address();
                addresses[2 * i + 1] =
                        pages.get(i).values(tile.layer(), tile.kvHead()).address();
            }
            addresses[2 * pages.size()] = addresses[2 * pages.size() - 2];
            // The last argument keeps the pages' memory open for as long as the call takes.
            NativeCode.attend(
                    code,
                    MemorySegment.ofArray(addresses),
                    MemorySegment.ofArray(queries),
                    MemorySegment.ofArray(states),
                    MemorySegment.ofArray(ranges),
                    pages.size(),
                    tiles,
                    keys);
        }

        /** Writes down who looks where, counted from {@code start}. */
        private void describe(int start) {
            ranges[0] = Float.floatToRawIntBits(PlainAttention.factor(tile.scale()));
            int at = AttentionCode.RANGES_HEAD;
            for (int i = 0; i < tiles; i++, at += AttentionCode.TILE_HEAD + 2 * rows) {
                int first = Math.min(i * rows, tile.count() - 1);
                int last = Math.min(i * rows + rows, tile.count()) - 1;
                ranges[at] = Math.max(0, tile.from(first) - start);
                ranges[at + 1] = Math.max(0, tile.from(last) - start);
                ranges[at + 2] = Math.max(0, tile.to(first) - start);
                ranges[at + 3] = Math.max(0, tile.to(last) - start);
                for (int r = 0; r < rows; r++) {
                    int row = Math.min(i * rows + r, tile.count() - 1);
                    ranges[at + AttentionCode.TILE_HEAD + 2 * r] = Math.max(0, tile.from(row) - start);
                    ranges[at + AttentionCode.TILE_HEAD + 2 * r + 1] = Math.max(0, tile.to(row) - start);
                }
            }
        }

        private void scatter() {
            for (int row = 0; row < tile.count(); row++) {
                int state = row * form.stateFloats();
                float inverse = 1 / states[state + form.sumAt()];
                int to = tile.at(row);
                for (int d = 0; d < form.headSize(); d++) {
                    tile.rows().results()[to + d] = states[state + d] * inverse;
                }
            }
        }
    }
}
