package dev.slipway.bench.engine;

import dev.slipway.base.Cancellation;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.runtime.BackendClient;
import dev.slipway.runtime.BackendLauncher;
import dev.slipway.runtime.BackendProcess;
import dev.slipway.runtime.BackendStream;
import dev.slipway.runtime.LaunchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** From the start of an installed backend's process, JVM included, over loading a model, to its first token. */
final class FirstToken {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private FirstToken() {}

    /** A line with all times; the model's pages are in memory after the first. */
    static String measure(Path runScript, Path model, int rounds) throws IOException {
        seconds(runScript, model);
        List<Double> sorted = DoubleStream.generate(() -> seconds(runScript, model))
                .limit(rounds)
                .sorted()
                .boxed()
                .toList();
        return String.format(
                Locale.ROOT,
                "Start of the backend to the first token of %s: best %.2f s, median %.2f s of %d (goal 1 s).",
                model.getFileName(),
                sorted.getFirst(),
                sorted.get((rounds - 1) / 2),
                rounds);
    }

    private static double seconds(Path runScript, Path model) {
        Path log;
        try {
            log = Files.createTempFile("slipway-bench-", ".log");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        long start = System.nanoTime();
        LaunchSpec spec = LaunchSpec.of("bench", runScript.toAbsolutePath(), log);
        try (BackendProcess process = new BackendLauncher().launch(spec, Cancellation.never())) {
            BackendClient client = process.client();
            ModelOptions options = ModelOptions.newBuilder()
                    .setModel("bench")
                    .setModelFile(model.toAbsolutePath().toString())
                    .setContextSize(2048)
                    .build();
            client.load(options, PATIENCE, Cancellation.never());
            PredictOptions request = PredictOptions.newBuilder()
                    .setPrompt("Hello")
                    .setTokens(1)
                    .setIgnoreEOS(true)
                    .build();
            try (BackendStream<Reply> replies = client.predictStream(request, PATIENCE)) {
                replies.next();
                return (System.nanoTime() - start) / 1e9;
            }
        }
    }
}
