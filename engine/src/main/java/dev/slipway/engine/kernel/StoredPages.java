package dev.slipway.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What pages mean: the plain definition of how keys and values are stored and read, element by element. */
final class StoredPages {
    private static final int PAGE = KernelProvider.PAGE;

    /** Blocks with smaller scales become zeros. */
    static final float LEAST_SCALE = 1e-30f;

    private StoredPages() {}

    /** Stores vectors from a position of the page on. */
    static void store(Page page, int layer, int head, int position, KvRows rows) {
        PageForm form = page.form();
        rows.check(form.headSize());
        if (position < 0 || position + rows.count() > PAGE) {
            throw new IndexOutOfBoundsException(rows.count() + " positions from " + position + " on a page");
        }
        MemorySegment keys = page.keys(layer, head);
        MemorySegment values = page.values(layer, head);
        for (int i = 0; i < rows.count(); i++) {
            int from = rows.offset() + i * rows.stride();
            storeKey(form, keys, position + i, rows.keys(), from);
            storeValue(form, values, position + i, rows.values(), from);
        }
    }

    private static void storeKey(PageForm form, MemorySegment keys, int position, float[] from, int offset) {
        for (int block = 0; block < form.blocks(); block++) {
            int first = block * CacheType.BLOCK;
            int end = Math.min(form.headSize(), first + CacheType.BLOCK);
            float inverse = 0;
            if (form.keys().scaled()) {
                float scale = largest(from, offset + first, offset + end) / 127;
                inverse = inverse(scale);
                keys.set(StoredFloats.SHORT, keyScaleAt(block, position), half(scale));
            }
            for (int d = first; d < end; d++) {
                put(form.keys(), keys, keyAt(form, d, position), from[offset + d], inverse);
            }
        }
    }

    private static void storeValue(PageForm form, MemorySegment values, int position, float[] from, int offset) {
        for (int block = 0; block < form.blocks(); block++) {
            int first = block * CacheType.BLOCK;
            int end = Math.min(form.headSize(), first + CacheType.BLOCK);
            float inverse = 0;
            if (form.values().scaled()) {
                float scale = largest(from, offset + first, offset + end) / 127;
                inverse = inverse(scale);
                values.set(StoredFloats.SHORT, valueScaleAt(form, block, position), half(scale));
            }
            for (int d = first; d < end; d++) {
                put(form.values(), values, valueAt(form, d, position), from[offset + d], inverse);
            }
        }
    }

    private static float largest(float[] values, int from, int to) {
        float most = 0;
        for (int i = from; i < to; i++) {
            most = Math.max(most, Math.abs(values[i]));
        }
        return most;
    }

    private static float inverse(float scale) {
        return 1 / Math.max(scale, LEAST_SCALE);
    }

    private static short half(float value) {
        return Float.floatToFloat16(Math.clamp(value, -CacheType.LARGEST_HALF, CacheType.LARGEST_HALF));
    }

    private static void put(CacheType type, MemorySegment to, long at, float value, float inverse) {
        switch (type) {
            case F32 -> to.set(StoredFloats.FLOAT, at, value);
            case F16 -> to.set(StoredFloats.SHORT, at, half(value));
            case Q8_0 -> to.set(ValueLayout.JAVA_BYTE, at, (byte) Math.rint(value * inverse));
        }
    }

    // ---- where things lie

    private static long keyAt(PageForm form, int dimension, int position) {
        long scales = form.keys().scaled() ? (dimension / CacheType.BLOCK + 1L) * PageForm.KEY_SCALES : 0;
        return scales + ((long) dimension * PAGE + position) * form.keys().elementBytes();
    }

    private static long keyScaleAt(int block, int position) {
        return (long) block * (PageForm.KEY_SCALES + CacheType.BLOCK * PAGE) + 2L * position;
    }

    private static long valueAt(PageForm form, int dimension, int position) {
        return form.valueScales()
                + ((long) position * form.valueRow() + dimension)
                        * form.values().elementBytes();
    }

    private static long valueScaleAt(PageForm form, int block, int position) {
        return 2L * (position * form.blocks() + block);
    }

    // ---- reading

    /** One head's keys as floats, {@code [dimension][position]}. */
    static void readKeys(PageForm form, MemorySegment keys, float[] to) {
        float[] scales = new float[PAGE];
        for (int d = 0; d < form.headSize(); d++) {
            if (form.keys().scaled() && d % CacheType.BLOCK == 0) {
                for (int p = 0; p < PAGE; p++) {
                    scales[p] = StoredFloats.scale(keys, keyScaleAt(d / CacheType.BLOCK, p));
                }
            }
            read(form.keys(), keys, keyAt(form, d, 0), to, d * PAGE, PAGE);
            for (int p = 0; p < PAGE && form.keys().scaled(); p++) {
                to[d * PAGE + p] *= scales[p];
            }
        }
    }

    /** One head's values as floats, {@code [position][dimension]}, rows filled up as the form says. */
    static void readValues(PageForm form, MemorySegment values, float[] to) {
        int row = form.valueRow();
        for (int p = 0; p < PAGE; p++) {
            read(form.values(), values, valueAt(form, 0, p), to, p * row, row);
            for (int block = 0; block < form.blocks() && form.values().scaled(); block++) {
                float scale = StoredFloats.scale(values, valueScaleAt(form, block, p));
                int end = Math.min(row, (block + 1) * CacheType.BLOCK);
                for (int d = block * CacheType.BLOCK; d < end; d++) {
                    to[p * row + d] *= scale;
                }
            }
        }
    }

    /** Successive elements, without their scales. One loop per type: choosing inside would cost more than reading. */
    private static void read(CacheType type, MemorySegment from, long at, float[] to, int offset, int count) {
        switch (type) {
            case F32 -> MemorySegment.copy(from, StoredFloats.FLOAT, at, to, offset, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    to[offset + i] = Float.float16ToFloat(from.get(StoredFloats.SHORT, at + 2L * i));
                }
            }
            case Q8_0 -> {
                for (int i = 0; i < count; i++) {
                    to[offset + i] = from.get(ValueLayout.JAVA_BYTE, at + i);
                }
            }
        }
    }
}
