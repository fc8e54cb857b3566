package dev.slipway.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What passes are composed of, told by themselves: nothing here is timed. */
class SchedulerTest {
    @TempDir
    Path folder;

    private SmallScheduler small;

    /** Tokens by request, pass by pass. */
    private final List<Map<Long, Integer>> passes = new CopyOnWriteArrayList<>();

    /** Weights that had been read before each pass. */
    private final List<Long> weightsRead = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        small.close();
    }

    private void start(int slots, int pages) throws IOException {
        small = new SmallScheduler(folder, slots, pages, parts -> {
            passes.add(parts.stream()
                    .collect(Collectors.toMap(part -> part.sequence().arrival(), Scheduler.Part::count)));
            weightsRead.add(small.compute.weightsRead());
        });
    }

    private GeneratingSequence submit(String prompt, int tokens) {
        return small.submit(prompt, tokens);
    }

    @Test
    void aRunningStreamGetsATokenInEveryPassHoweverLongTheOthersPromptsAre() throws IOException {
        start(4, 128);
        GeneratingSequence stream = submit("stream", 400);
        assertThat(stream.next(SmallScheduler.PATIENCE)).isPresent();
        GeneratingSequence longPrompt = submit("x".repeat(1500), 5);
        GeneratingSequence shortPrompt = submit("short", 5);
        SmallScheduler.read(shortPrompt);
        SmallScheduler.read(longPrompt);
        stream.cancel();
        List<Map<Long, Integer>> reading =
                passes.stream().filter(pass -> pass.containsKey(1L)).toList();
        assertThat(reading).hasSizeGreaterThan(10).allSatisfy(pass -> {
            assertThat(pass).containsEntry(0L, 1);
            assertThat(pass.get(1L)).isLessThanOrEqualTo(PassPlanner.MOST_PROMPT_TOKENS);
        });
        // The short one came later and is done long before.
        int last = passes.lastIndexOf(
                passes.stream().filter(pass -> pass.containsKey(2L)).toList().getLast());
        assertThat(passes.subList(last + 1, passes.size()).stream().filter(pass -> pass.getOrDefault(1L, 0) > 1))
                .isNotEmpty();
    }

    @Test
    void everyPassReadsTheWeightsOnceWhateverIsInIt() throws IOException {
        start(8, 256);
        SmallScheduler.read(submit("alone", 4));
        long once = weightsRead.get(2) - weightsRead.get(1);
        assertThat(once).isPositive();
        List<GeneratingSequence> many = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            many.add(submit("request " + "y".repeat(i * 150), 200 + i));
        }
        many.forEach(SmallScheduler::read);
        int generating = 0;
        for (int i = 0; i + 1 < passes.size(); i++) {
            long taken = weightsRead.get(i + 1) - weightsRead.get(i);
            if (passes.get(i).containsValue(1)) {
                assertThat(taken).as("pass %s", passes.get(i)).isEqualTo(once);
                generating = Math.max(generating, passes.get(i).size());
            } else {
                // Nobody wants logits.
                assertThat(taken).isLessThanOrEqualTo(once);
            }
        }
        assertThat(generating).isEqualTo(8);
    }

    @Test
    void requestsAreLetInInTheOrderTheyCame() throws IOException {
        start(2, 64);
        List<GeneratingSequence> many = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            many.add(submit("request " + i, 3 + i % 4 * 5));
        }
        many.forEach(SmallScheduler::read);
        List<Long> first = passes.stream()
                .flatMap(pass -> pass.keySet().stream().sorted())
                .distinct()
                .toList();
        assertThat(first)
                .isEqualTo(IntStream.range(0, 12).mapToObj(i -> (long) i).toList());
        assertThat(passes).allSatisfy(pass -> assertThat(pass).hasSizeLessThanOrEqualTo(2));
    }

    @Test
    void whoCameLastGivesWayWhenPagesRunOutAndGoesOnAsIfNothingHadHappened() throws IOException {
        start(4, 200);
        List<String> alone = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            alone.add(
                    SmallScheduler.read(submit("prompt " + "z".repeat(i), 600)).text());
        }
        small.close();
        passes.clear();
        // Two of them fit, and all four are let in.
        start(4, 20);
        List<GeneratingSequence> together = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            together.add(submit("prompt " + "z".repeat(i), 600));
        }
        for (int i = 0; i < 4; i++) {
            SmallScheduler.Read read = SmallScheduler.read(together.get(i));
            assertThat(read.text()).isEqualTo(alone.get(i));
            assertThat(read.usage().promptTokens()).isEqualTo(7 + i);
            assertThat(read.usage().completionTokens()).isEqualTo(600);
            assertThat(read.usage().cachedTokens()).isLessThan(7 + i);
        }
        assertThat(passes.stream().mapToInt(Map::size).max()).hasValue(4);
        // The one that came first never gave way: it is in every pass until it is done.
        List<Boolean> present =
                passes.stream().map(pass -> pass.containsKey(0L)).toList();
        assertThat(present.lastIndexOf(true)).isLessThan(present.indexOf(false));
        // The one that came last did.
        List<Boolean> last = passes.stream().map(pass -> pass.containsKey(3L)).toList();
        assertThat(last.subList(last.indexOf(true), last.lastIndexOf(true))).contains(false);
        assertThat(small.pool.usage().inUse()).isZero();
    }

    @Test
    void whatAnEarlierRequestReadIsNotReadAgain() throws IOException {
        start(2, 64);
        String prompt = "A long beginning that several requests have in common. ".repeat(6);
        SmallScheduler.Read first = SmallScheduler.read(submit(prompt + "One", 5));
        SmallScheduler.Read second = SmallScheduler.read(submit(prompt + "Two!", 5));
        assertThat(first.usage().cachedTokens()).isZero();
        assertThat(second.usage().promptTokens()).isEqualTo(prompt.length() + 4);
        assertThat(second.usage().cachedTokens()).isGreaterThanOrEqualTo(prompt.length() / 64 * 64);
        long read = passes.stream().mapToInt(pass -> pass.getOrDefault(1L, 0)).sum();
        assertThat(read)
                .isEqualTo(second.usage().promptTokens() - second.usage().cachedTokens() + 4);
    }

    @Test
    void aRequestThatCanNeverFitIsRefusedAndTheNextOneRuns() throws IOException {
        start(2, 4);
        GeneratingSequence large = submit("too much", 500);
        assertThatThrownBy(() -> SmallScheduler.read(large))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.out-of-memory"));
        assertThat(SmallScheduler.read(submit("fits", 20)).usage().completionTokens())
                .isEqualTo(20);
        assertThat(small.scheduler.active()).isZero();
    }

    @Test
    void aCancelledRequestTakesPartInNoFurtherPass() throws IOException {
        start(2, 64);
        GeneratingSequence first = submit("first", 500);
        GeneratingSequence second = submit("second", 2000);
        SmallScheduler.read(first);
        second.cancel();
        SmallScheduler.read(submit("third", 5));
        int third = IntStream.range(0, passes.size())
                .filter(i -> passes.get(i).containsKey(2L))
                .findFirst()
                .orElseThrow();
        assertThat(passes.subList(third, passes.size()))
                .allSatisfy(pass -> assertThat(pass).doesNotContainKey(1L));
        assertThat(small.pool.usage().inUse()).isZero();
        assertThat(small.scheduler.active()).isZero();
    }
}
