package dev.slipway.bench;

import dev.slipway.base.Cancellation;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.runtime.BackendClient;
import dev.slipway.runtime.BackendLauncher;
import dev.slipway.runtime.BackendProcess;
import dev.slipway.runtime.BackendStream;
import dev.slipway.runtime.LaunchSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long {@code Health} takes while two streams generate, beside how long it takes on the idle backend.
 *
 * <p>Arguments: an installed backend's {@code run.sh}, a model file, and the number of rounds.
 */
public final class BusyBackendBenchmark {
    private static final PredictOptions STORY = PredictOptions.newBuilder()
            .setPrompt("Once upon a time")
            .setTokens(450)
            .setIgnoreEOS(true)
            .build();

    private BusyBackendBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.err.println("usage: BusyBackendBenchmark RUN_SH MODEL_FILE ROUNDS");
            System.exit(2);
        }
        LaunchSpec spec = LaunchSpec.of(
                "bench", Path.of(arguments[0]).toAbsolutePath(), Files.createTempFile("slipway-bench-", ".log"));
        try (BackendProcess process = new BackendLauncher().launch(spec, Cancellation.never())) {
            BackendClient client = process.client();
            client.load(
                    ModelOptions.newBuilder()
                            .setModel("bench")
                            .setModelFile(Path.of(arguments[1]).toAbsolutePath().toString())
                            .build(),
                    Duration.ofMinutes(1),
                    Cancellation.never());
            List<Double> idle = new ArrayList<>();
            for (int call = 0; call < 500; call++) {
                idle.add(timeHealth(client));
            }
            List<Double> busy = new ArrayList<>();
            List<Integer> arrivals = Collections.synchronizedList(new ArrayList<>());
            for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
                List<Double> times = healthWhileStreaming(client, arrivals);
                print("round " + round, times);
                busy.addAll(times);
            }
            print("idle", idle);
            print("two streams", busy);
            System.out.printf("%d replies, %d changes between the streams%n", arrivals.size(), changes(arrivals));
        }
    }

    private static List<Double> healthWhileStreaming(BackendClient client, List<Integer> arrivals) throws Exception {
        AtomicInteger running = new AtomicInteger(2);
        List<Thread> streams = List.of(
                Thread.ofVirtual().start(() -> read(client, 1, arrivals, running)),
                Thread.ofVirtual().start(() -> read(client, 2, arrivals, running)));
        List<Double> times = new ArrayList<>();
        while (running.get() == 2) {
            times.add(timeHealth(client));
        }
        for (Thread stream : streams) {
            stream.join();
        }
        return times;
    }

    private static void read(BackendClient client, int mark, List<Integer> arrivals, AtomicInteger running) {
        try (BackendStream<Reply> replies = client.predictStream(STORY, Duration.ofMinutes(1))) {
            while (replies.hasNext()) {
                replies.next();
                arrivals.add(mark);
            }
        } finally {
            running.decrementAndGet();
        }
    }

    private static double timeHealth(BackendClient client) {
        long begin = System.nanoTime();
        client.health();
        return (System.nanoTime() - begin) / 1e6;
    }

    private static long changes(List<Integer> arrivals) {
        long changes = 0;
        for (int i = 1; i < arrivals.size(); i++) {
            changes += arrivals.get(i).equals(arrivals.get(i - 1)) ? 0 : 1;
        }
        return changes;
    }

    private static void print(String name, List<Double> times) {
        List<Double> sorted = times.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "Health, %-12s %6d calls, ms: median %.2f, p99 %.2f, longest %.2f%n",
                name,
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.getLast());
    }
}
