package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Cancellation;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.runtime.BackendClient;
import dev.slipway.runtime.BackendLauncher;
import dev.slipway.runtime.BackendProcess;
import dev.slipway.runtime.BackendStream;
import dev.slipway.runtime.LaunchSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The installed backend with two streams at once. */
class BusyBackendTest {
    private static final PredictOptions STORY = PredictOptions.newBuilder()
            .setPrompt("Once upon a time")
            .setTokens(400)
            .setIgnoreEOS(true)
            .build();

    @TempDir
    Path home;

    @Test
    void healthAnswersBetweenTheTokensOfTwoStreams() throws Exception {
        try (ShippedBackend shipped = new ShippedBackend(home);
                BackendProcess process = launch(shipped)) {
            BackendClient client = process.client();
            client.load(demo(), Duration.ofMinutes(1), Cancellation.never());
            List<String> arrivals = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger running = new AtomicInteger(2);
            Thread one = Thread.ofVirtual().start(() -> read(client, "a", arrivals, running));
            Thread two = Thread.ofVirtual().start(() -> read(client, "b", arrivals, running));
            int answers = 0;
            while (running.get() == 2) {
                assertThat(client.health()).isEqualTo("OK");
                answers++;
            }
            assertThat(one.join(Duration.ofMinutes(1)) && two.join(Duration.ofMinutes(1)))
                    .isTrue();

            assertThat(answers)
                    .as("Health calls answered while both streams ran")
                    .isGreaterThan(10);
            assertThat(Collections.frequency(arrivals, "a")).isEqualTo(Collections.frequency(arrivals, "b"));
            assertThat(changes(arrivals)).as("changes between the streams").isGreaterThan(50);
        }
    }

    private BackendProcess launch(ShippedBackend shipped) {
        LaunchSpec spec = LaunchSpec.of("slipway", shipped.install().backend().runScript(), home.resolve("log"));
        return new BackendLauncher().launch(spec, Cancellation.never());
    }

    static ModelOptions demo() {
        return ModelOptions.newBuilder()
                .setModel("slipway-demo")
                .setModelFile(Repository.DISTRIBUTION
                        .resolve("models/slipway-demo.gguf")
                        .toString())
                .build();
    }

    private static void read(BackendClient client, String mark, List<String> arrivals, AtomicInteger running) {
        try (BackendStream<Reply> replies = client.predictStream(STORY, Duration.ofMinutes(1))) {
            while (replies.hasNext()) {
                replies.next();
                arrivals.add(mark);
            }
        } finally {
            running.decrementAndGet();
        }
    }

    private static long changes(List<String> arrivals) {
        long changes = 0;
        for (int i = 1; i < arrivals.size(); i++) {
            if (!arrivals.get(i).equals(arrivals.get(i - 1))) {
                changes++;
            }
        }
        return changes;
    }
}
