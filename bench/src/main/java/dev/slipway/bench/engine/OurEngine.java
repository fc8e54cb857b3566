package dev.slipway.bench.engine;

import dev.slipway.base.Cancellation;
import dev.slipway.engine.EngineOptions;
import dev.slipway.engine.TextEngine;
import dev.slipway.engine.TextEngines;
import dev.slipway.engine.TextEvent.Usage;
import dev.slipway.engine.measure.PromptText;
import dev.slipway.engine.measure.Timed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Our engine in a process of its own, as the peer is in one. Arguments: model file, threads, slots, context. Each line of input asks for
 * something and is answered by one line with tokens per second: {@code pp TOKENS}, or {@code tg DEPTH STEPS REQUESTS}.
 */
final class OurEngine {
    private final TextEngine engine;
    private final Timed timed;
    private long seed;

    private OurEngine(TextEngine engine) {
        this.engine = engine;
        this.timed = new Timed(engine, Cancellation.never());
    }

    public static void main(String[] args) throws IOException {
        EngineOptions options = EngineOptions.DEFAULT
                .withContextLength(Integer.parseInt(args[3]))
                .withThreads(Integer.parseInt(args[1]))
                .withSlots(Integer.parseInt(args[2]))
                .withToolParser("none")
                .withReasoningParser("none");
        try (TextEngine engine = TextEngines.open(Path.of(args[0]), options)) {
            OurEngine ours = new OurEngine(engine);
            ours.timed.one(ours.text(8), 1);
            System.out.println("ready");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(ours.answer(line.split(" ")));
            }
        }
    }

    private double answer(String[] words) {
        return words[0].equals("pp")
                ? prefill(Integer.parseInt(words[1]))
                : decode(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]));
    }

    private String text(int tokens) {
        return PromptText.of(engine, tokens, seed++);
    }

    private double prefill(int tokens) {
        Usage usage = timed.one(text(tokens), 1);
        return (usage.promptTokens() - usage.cachedTokens()) / seconds(usage.promptTime());
    }

    private double decode(int depth, int steps, int requests) {
        List<String> prompts = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            prompts.add(text(depth));
        }
        return timed.all(prompts, steps).stream()
                .mapToDouble(usage -> (usage.completionTokens() - 1) / seconds(usage.generationTime()))
                .sum();
    }

    private static double seconds(Duration time) {
        return Math.max(1, time.toNanos()) / 1e9;
    }
}
