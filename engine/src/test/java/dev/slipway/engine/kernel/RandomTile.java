package dev.slipway.engine.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A sequence with random keys and values on pages, and random queries at its last positions. */
final class RandomTile implements AutoCloseable {
    /** Floats beside what a tile is given, which must stay as they are. */
    private static final int BESIDE = 3;

    final PageForm form;
    final int group;
    final int length;
    private final PageMemory memory;
    private final List<Page> pages = new ArrayList<>();
    private final float[] queries;

    /** {@code length} positions; queries at all of them. */
    RandomTile(PageForm form, int group, int length, KernelProvider provider) {
        this.form = form;
        this.group = group;
        this.length = length;
        this.memory = new PageMemory(form);
        Random random = new Random(form.hashCode() * 31L + group * 7L + length);
        for (int i = 0; i < PageForm.pages(length); i++) {
            pages.add(memory.take(1));
        }
        int width = form.kvHeads() * form.headSize();
        float[] keys = floats(random, length * width);
        float[] values = floats(random, length * width);
        for (int layer = 0; layer < form.layers(); layer++) {
            for (int head = 0; head < form.kvHeads(); head++) {
                store(provider, layer, head, keys, values);
            }
        }
        this.queries = floats(random, length * stride() + BESIDE);
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private void store(KernelProvider provider, int layer, int head, float[] keys, float[] values) {
        int page = KernelProvider.PAGE;
        int width = form.kvHeads() * form.headSize();
        for (int at = 0; at < length; at += page) {
            int count = Math.min(page, length - at);
            int offset = at * width + head * form.headSize();
            provider.store(pages.get(at / page), layer, head, 0, new KvRows(keys, values, offset, width, count));
        }
    }

    /** Floats from one position's queries to the next: those of all heads. */
    int stride() {
        return form.kvHeads() * group * form.headSize();
    }

    /** What the queries at {@code positions} from {@code first} on give; NaN everywhere else. */
    float[] attend(KernelProvider provider, int first, int positions, int window) {
        float[] results = new float[queries.length];
        java.util.Arrays.fill(results, Float.NaN);
        int firstPage = Math.max(0, first - window + 1) / KernelProvider.PAGE;
        float scale = (float) (1.5 / Math.sqrt(form.headSize()));
        for (int head = 0; head < form.kvHeads(); head++) {
            int offset = BESIDE + first * stride() + head * group * form.headSize();
            var rows = new AttentionTile.Rows(queries, results, offset, stride(), positions, group);
            provider.attend(new AttentionTile(
                    pages.subList(firstPage, pages.size()),
                    firstPage,
                    form.layers() - 1,
                    head,
                    first,
                    rows,
                    scale,
                    window));
        }
        return results;
    }

    Page page(int index) {
        return pages.get(index);
    }

    @Override
    public void close() {
        memory.close();
    }
}
