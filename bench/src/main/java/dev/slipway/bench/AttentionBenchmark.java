package dev.slipway.bench;

import dev.slipway.engine.kernel.AttentionTile;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.HostProbe;
import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.KvRows;
import dev.slipway.engine.kernel.Page;
import dev.slipway.engine.kernel.PageForm;
import dev.slipway.engine.kernel.PageMemory;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What attention reaches of this host's limits, on one thread: one token that looks at a long context, as a share of
 * reading memory; a whole prompt, as a share of multiplying. Pieces of about a millisecond alternate with the probe's, and
 * what one in five exceeds counts, so that it can be used beside other work.
 *
 * <p>Arguments: a provider, then types of keys and values.
 */
final class AttentionBenchmark {
    private static final int PAGE = KernelProvider.PAGE;
    private static final int ROUNDS = 160;
    private static final int TILE_VECTORS = 256;
    private static final long READY_NANOS = 3_000_000_000L;

    /** More than any cache holds. */
    private static final long CONTEXT_BYTES = 192L << 20;

    /** Heads as models have them. */
    private enum Heads {
        QWEN_HALF_BILLION(64, 7, 2),
        LLAMA_ONE_BILLION(64, 4, 8),
        LLAMA_EIGHT_BILLION(128, 4, 8);

        private final int size;
        private final int group;
        private final int kvHeads;

        Heads(int size, int group, int kvHeads) {
            this.size = size;
            this.group = group;
            this.kvHeads = kvHeads;
        }
    }

    private final HostProbe probe = HostProbe.open().orElseThrow();
    private final KernelProvider provider;

    private AttentionBenchmark(String provider) {
        this.provider = KernelProviders.choose(provider).provider();
        try (Arena arena = Arena.ofShared()) {
            this.provider.prepare(List.of(RandomMatrix.of(arena, QuantisationType.F32, 64, 256)));
            // Until vector code has been compiled.
            PageForm form = new PageForm(1, 1, 64, CacheType.F16, CacheType.F16);
            long end = System.nanoTime() + READY_NANOS;
            while (System.nanoTime() < end) {
                try (PageMemory memory = new PageMemory(form)) {
                    float[] vectors = numbers(PAGE * 7 * 64);
                    attend(
                            List.of(memory.take(1)),
                            0,
                            0,
                            0,
                            new AttentionTile.Rows(vectors, vectors.clone(), 0, 7 * 64, PAGE, 7));
                }
            }
        }
    }

    public static void main(String[] args) {
        AttentionBenchmark benchmark = new AttentionBenchmark(args.length > 0 ? args[0] : "emitted");
        System.out.println(
                benchmark.provider + ", probe at " + benchmark.probe.level().label());
        System.out.println("| heads | type | work | limit | reached | share |");
        System.out.println("|---|---|---|---|---|---|");
        List<String> types = args.length > 1 ? List.of(args).subList(1, args.length) : List.of("f16", "q8_0");
        for (Heads heads : Heads.values()) {
            for (String name : types) {
                CacheType type = CacheType.of(name).orElseThrow();
                benchmark.decode(heads, type, 2048);
                benchmark.decode(heads, type, 8192);
                benchmark.prefill(heads, type, 512);
                benchmark.prefill(heads, type, 2048);
                benchmark.store(heads, type);
            }
        }
    }

    private static double oneInFive(List<Double> speeds) {
        return speeds.stream().sorted(Comparator.reverseOrder()).toList().get(speeds.size() / 5);
    }

    private static void row(Heads heads, CacheType type, String work, String unit, double limit, double reached) {
        System.out.printf(
                "| %s | %s | %s | %.0f %s | %.0f %s | %.0f %% |%n",
                heads, type.label(), work, limit / 1e9, unit, reached / 1e9, unit, 100 * reached / limit);
    }

    private void decode(Heads heads, CacheType type, int context) {
        int pageCount = context / PAGE;
        long headBytes = new PageForm(1, 1, heads.size, type, type).bytes() * pageCount;
        int layers = (int) Math.max(1, CONTEXT_BYTES / headBytes / heads.kvHeads);
        PageForm form = new PageForm(layers, heads.kvHeads, heads.size, type, type);
        int width = heads.kvHeads * heads.group * heads.size;
        float[] queries = numbers(width);
        float[] results = new float[width];
        List<Double> reached = new ArrayList<>();
        List<List<Double>> reading = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            reading.add(new ArrayList<>());
        }
        try (PageMemory memory = new PageMemory(form);
                Arena arena = Arena.ofConfined()) {
            List<Page> pages = pages(memory, pageCount, heads);
            MemorySegment other = arena.allocate(CONTEXT_BYTES, 64);
            other.fill((byte) 1);
            for (int i = 0; i < ROUNDS; i++) {
                int layer = i % layers;
                for (int head = 0; head < heads.kvHeads; head++) {
                    int offset = head * heads.group * heads.size;
                    long start = System.nanoTime();
                    attend(
                            pages,
                            layer,
                            head,
                            context - 1,
                            new AttentionTile.Rows(queries, results, offset, width, 1, heads.group));
                    reached.add(1e9 * headBytes / (System.nanoTime() - start));
                }
                long piece = 4L << 20;
                long at = i % (CONTEXT_BYTES / piece) * piece;
                reading.get(i % 8).add(probe.read(other.asSlice(at, piece), i % 8 + 1));
            }
        }
        double limit = reading.stream()
                .mapToDouble(AttentionBenchmark::oneInFive)
                .max()
                .orElseThrow();
        row(heads, type, "1 token at " + context, "GB/s", limit, oneInFive(reached));
    }

    private void prefill(Heads heads, CacheType type, int prompt) {
        PageForm form = new PageForm(1, 1, heads.size, type, type);
        int width = heads.group * heads.size;
        float[] queries = numbers(prompt * width);
        float[] results = new float[prompt * width];
        int step = Integer.highestOneBit(Math.min(PAGE, TILE_VECTORS / heads.group));
        List<Double> possible = new ArrayList<>();
        double seconds = 0;
        double work = 0;
        try (PageMemory memory = new PageMemory(form)) {
            List<Page> pages = pages(memory, prompt / PAGE, heads);
            for (int at = 0; at < prompt; at += step) {
                List<Double> speeds = new ArrayList<>();
                for (int i = 0; i < ROUNDS / 4; i++) {
                    long start = System.nanoTime();
                    attend(
                            pages,
                            0,
                            0,
                            at,
                            new AttentionTile.Rows(queries, results, at * width, width, step, heads.group));
                    speeds.add(1e9 / (System.nanoTime() - start));
                }
                seconds += 1 / oneInFive(speeds);
                work += 4.0 * heads.size * heads.group * step * (at + (step + 1) / 2.0);
                possible.add(probe.floatOperations());
                possible.add(probe.floatOperations());
            }
        }
        row(heads, type, prompt + " tokens", "GFLOP/s", oneInFive(possible), work / seconds);
    }

    /** How much of a prompt's time goes into storing: millions of elements per second. */
    private void store(Heads heads, CacheType type) {
        PageForm form = new PageForm(1, 1, heads.size, type, type);
        float[] vectors = numbers(PAGE * heads.size);
        List<Double> reached = new ArrayList<>();
        try (PageMemory memory = new PageMemory(form)) {
            Page page = memory.take(1);
            for (int i = 0; i < 20 * ROUNDS; i++) {
                long start = System.nanoTime();
                provider.store(page, 0, 0, 0, new KvRows(vectors, vectors, 0, heads.size, PAGE));
                reached.add(2e9 * vectors.length / (System.nanoTime() - start));
            }
        }
        System.out.printf(
                "| %s | %s | storing | | %.0f M elements/s | |%n", heads, type.label(), oneInFive(reached) / 1e6);
    }

    private void attend(List<Page> pages, int layer, int head, int position, AttentionTile.Rows rows) {
        provider.attend(new AttentionTile(pages, 0, layer, head, position, rows, 0.125f, AttentionTile.NO_WINDOW));
    }

    private List<Page> pages(PageMemory memory, int count, Heads heads) {
        List<Page> pages = new ArrayList<>();
        float[] vectors = numbers(PAGE * heads.size);
        for (int i = 0; i < count; i++) {
            Page page = memory.take(count - i);
            for (int layer = 0; layer < memory.form().layers(); layer++) {
                for (int head = 0; head < memory.form().kvHeads(); head++) {
                    provider.store(page, layer, head, 0, new KvRows(vectors, vectors, 0, heads.size, PAGE));
                }
            }
            pages.add(page);
        }
        return pages;
    }

    private static float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) Math.sin(i * 0.7) * 2;
        }
        return numbers;
    }
}
