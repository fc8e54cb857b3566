package dev.slipway.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.PageForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvPoolTest {
    private static final PageForm FORM = new PageForm(1, 1, 4, CacheType.F16, CacheType.F16);

    private static int[] tokens(int count, int first) {
        return IntStream.range(first, first + count).toArray();
    }

    /** Puts in what is not known yet of a prompt. */
    private static void fill(KvCache cache, int[] prompt) {
        for (int i = cache.length(); i < prompt.length; i++) {
            assertThat(cache.append(prompt[i])).isEqualTo(i);
        }
        cache.computed(prompt.length);
    }

    private static KvCache read(KvPool pool, int[] prompt) {
        KvCache cache = pool.open(prompt, prompt.length + 10).orElseThrow();
        fill(cache, prompt);
        return cache;
    }

    @Test
    void sharesFullPagesOfAnEqualBeginning() {
        try (KvPool pool = new KvPool(FORM, 20)) {
            KvCache first = read(pool, tokens(200, 0));
            KvCache second = read(pool, tokens(200, 0));
            assertThat(first.reused()).isZero();
            assertThat(second.reused()).isEqualTo(192);
            assertThat(second.page(0)).isSameAs(first.page(0));
            assertThat(second.page(2)).isSameAs(first.page(2));
            assertThat(second.page(3)).isNotSameAs(first.page(3));
            assertThat(pool.usage()).isEqualTo(new KvUsage(5, 0, 15, FORM.bytes()));
            first.close();
            assertThat(pool.usage().inUse()).isEqualTo(4);
            second.close();
            assertThat(pool.usage().inUse()).isZero();
        }
    }

    @Test
    void reservesMoreOnlyWhileThereIsRoom() {
        try (KvPool pool = new KvPool(FORM, 4)) {
            KvCache first = pool.open(tokens(10, 0), 64, 256).orElseThrow();
            KvCache second = pool.open(tokens(10, 5), 64, 256).orElseThrow();
            assertThat(first.reserve(64)).isTrue();
            assertThat(first.reserve(129)).isTrue();
            assertThat(second.reserve(65)).isFalse();
            assertThat(pool.open(tokens(10, 9), 64, 64)).isEmpty();
            fill(first, tokens(192, 0));
            assertThatThrownBy(() -> first.append(1)).hasMessageContaining("full");
            first.close();
            assertThat(second.reserve(256)).isTrue();
            fill(second, tokens(256, 5));
            second.close();
            assertThat(pool.usage().inUse()).isZero();
            assertThatThrownBy(() -> pool.open(tokens(10, 0), 64, 257)).hasMessageContaining("257");
        }
    }

    @Test
    void alwaysLeavesTheLastTokenToCompute() {
        try (KvPool pool = new KvPool(FORM, 20)) {
            read(pool, tokens(128, 0)).close();
            assertThat(pool.open(tokens(128, 0), 130).orElseThrow().reused()).isEqualTo(127);
            assertThat(pool.open(tokens(129, 0), 130).orElseThrow().reused()).isEqualTo(128);
            assertThat(pool.open(tokens(1, 0), 130).orElseThrow().reused()).isZero();
            assertThat(pool.open(new int[0], 130).orElseThrow().reused()).isZero();
        }
    }

    @Test
    void copiesAPageThatDivergesInItsMiddle() {
        try (KvPool pool = new KvPool(FORM, 20)) {
            KvCache first = read(pool, tokens(128, 0));
            int[] other = tokens(128, 0);
            other[100] = 7;
            KvCache second = pool.open(other, 140).orElseThrow();
            assertThat(second.reused()).isEqualTo(100);
            assertThat(second.page(0)).isSameAs(first.page(0));
            assertThat(second.page(1)).isNotSameAs(first.page(1));
            fill(second, other);
            assertThat(second.page(1)).isNotSameAs(first.page(1));
        }
    }

    @Test
    void findsWhatAClosedCacheLeftToTheToken() {
        try (KvPool pool = new KvPool(FORM, 20)) {
            read(pool, tokens(90, 0)).close();
            KvCache next = pool.open(tokens(95, 0), 100).orElseThrow();
            assertThat(next.reused()).isEqualTo(90);
            fill(next, tokens(95, 0));
            next.close();
            // The longer rest takes the place of the shorter one.
            assertThat(pool.usage().cached()).isEqualTo(2);
        }
    }

    @Test
    void keepsNothingThatWasNotComputed() {
        try (KvPool pool = new KvPool(FORM, 20)) {
            KvCache failed = pool.open(tokens(200, 0), 200).orElseThrow();
            for (int token : tokens(200, 0)) {
                failed.append(token);
            }
            failed.close();
            assertThat(pool.usage()).isEqualTo(new KvUsage(0, 0, 20, FORM.bytes()));
            assertThat(pool.open(tokens(200, 0), 200).orElseThrow().reused()).isZero();
        }
    }

    @Test
    void joinsPagesThatTwoComputedAtTheSameTime() {
        try (KvPool pool = new KvPool(FORM, 20)) {
            KvCache first = pool.open(tokens(70, 0), 80).orElseThrow();
            KvCache second = pool.open(tokens(70, 0), 80).orElseThrow();
            fill(first, tokens(70, 0));
            fill(second, tokens(70, 0));
            assertThat(second.page(0)).isSameAs(first.page(0));
            assertThat(pool.usage().inUse()).isEqualTo(3);
        }
    }

    @Test
    void givesUpWhatWasUnusedForLongest() {
        try (KvPool pool = new KvPool(FORM, 4)) {
            read(pool, tokens(65, 0)).close();
            read(pool, tokens(65, 1000)).close();
            assertThat(pool.usage().cached()).isEqualTo(4);
            read(pool, tokens(65, 0)).close();
            read(pool, tokens(65, 2000)).close();
            assertThat(pool.open(tokens(65, 0), 65).orElseThrow().reused()).isEqualTo(64);
            assertThat(pool.open(tokens(65, 1000), 65).orElseThrow().reused()).isZero();
        }
    }

    @Test
    void makesRequestsWaitAndRefusesThoseThatNeverFit() {
        try (KvPool pool = new KvPool(FORM, 4)) {
            KvCache first = pool.open(tokens(10, 0), 150).orElseThrow();
            assertThat(pool.open(tokens(10, 50), 100)).isEmpty();
            assertThat(pool.open(tokens(10, 50), 64)).isPresent();
            first.close();
            assertThat(pool.open(tokens(10, 50), 100)).isPresent();
            assertThatThrownBy(() -> pool.open(tokens(10, 0), 257))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.out-of-memory"))
                    .hasMessageContaining("257");
        }
    }

    @Test
    void neverGoesBeyondWhatWasReserved() {
        try (KvPool pool = new KvPool(FORM, 4)) {
            KvCache cache = pool.open(new int[0], 64).orElseThrow();
            fill(cache, tokens(64, 0));
            assertThatThrownBy(() -> cache.append(1)).isInstanceOf(IllegalStateException.class);
            cache.close();
            cache.close();
            assertThat(pool.usage().inUse()).isZero();
            assertThatThrownBy(() -> cache.append(1)).isInstanceOf(IllegalStateException.class);
        }
    }

    /** A sequence of the random test: what it was opened with and what it has been given since. */
    private record Open(KvCache cache, List<Integer> tokens, int mostPositions) {}

    /** Opens, fills, cancels and closes at random; no page is ever in two different texts, and nothing is lost. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void keepsItsAccounts(long seed) {
        Random random = new Random(seed);
        int pages = 24;
        try (KvPool pool = new KvPool(FORM, pages)) {
            List<Open> open = new ArrayList<>();
            for (int step = 0; step < 4000; step++) {
                if (open.size() < 6 && random.nextInt(4) == 0) {
                    openOne(pool, random, open);
                } else if (!open.isEmpty()) {
                    Open one = open.get(random.nextInt(open.size()));
                    if (random.nextInt(6) == 0) {
                        one.cache.close();
                        open.remove(one);
                    } else {
                        advance(one, random);
                    }
                }
                check(pool, open, pages);
            }
            open.forEach(one -> one.cache.close());
            assertThat(pool.usage().inUse()).as("seed %d", seed).isZero();
            assertThat(pool.usage().cached() + pool.usage().free()).isEqualTo(pages);
            // And all of it can be had again.
            assertThat(pool.open(new int[0], pages * 64)).isPresent();
        }
    }

    private static void openOne(KvPool pool, Random random, List<Open> open) {
        // Few different texts, so that beginnings are often the same and often end at odd places.
        int[] prompt = tokens(1 + random.nextInt(300), random.nextInt(3));
        if (random.nextBoolean()) {
            Arrays.fill(prompt, random.nextInt(prompt.length), prompt.length, random.nextInt(3));
        }
        int most = prompt.length + random.nextInt(100);
        Optional<KvCache> cache = pool.open(prompt, most);
        cache.ifPresent(opened -> {
            List<Integer> known = new ArrayList<>();
            for (int i = 0; i < opened.length(); i++) {
                known.add(prompt[i]);
            }
            open.add(new Open(opened, known, most));
        });
    }

    private static void advance(Open one, Random random) {
        int count = Math.min(random.nextInt(90), one.mostPositions - one.cache.length());
        int base = one.tokens.isEmpty() ? 0 : one.tokens.getLast();
        for (int i = 0; i < count; i++) {
            one.cache.append(base + 1 + i);
            one.tokens.add(base + 1 + i);
        }
        if (random.nextInt(8) > 0) {
            one.cache.computed(one.cache.length());
        }
    }

    private static void check(KvPool pool, List<Open> open, int pages) {
        Map<Object, List<Integer>> texts = new IdentityHashMap<>();
        for (Open one : open) {
            assertThat(one.cache.length()).isEqualTo(one.tokens.size());
            for (int page = 0; page * 64 < one.tokens.size(); page++) {
                List<Integer> text = one.tokens.subList(0, Math.min(one.tokens.size(), page * 64 + 64));
                List<Integer> other = texts.putIfAbsent(one.cache.page(page), text);
                if (other != null) {
                    assertThat(other).hasSize(page * 64 + 64).isEqualTo(text);
                }
            }
        }
        KvUsage usage = pool.usage();
        assertThat(usage.inUse()).isEqualTo(texts.size());
        assertThat(usage.inUse() + usage.cached() + usage.free()).isEqualTo(pages);
    }
}
