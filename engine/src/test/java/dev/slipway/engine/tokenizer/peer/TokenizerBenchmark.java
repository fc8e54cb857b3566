package dev.slipway.engine.tokenizer.peer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tokenizer.Tokenizers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Megabytes a second of one thread, ours beside Hugging Face's own in the same run: English and mixed Unicode, one row a
 * family. By the thread's processor time, so that a busy machine disturbs less, and the best of several rounds. Arguments
 * choose families by name; those that are paths of GGUF files are measured too, ours alone; the path of a text
 * ({@code .txt}) stands in for the English.
 */
final class TokenizerBenchmark {
    private static final int PART = 1 << 16;
    private static final int CHARACTERS = 1 << 20;
    private static final int ROUNDS = 12;
    private static final int PEER_ROUNDS = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private TokenizerBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        PeersTest.keepOffline();
        Set<String> chosen = Set.of(arguments);
        List<String> english = english(arguments);
        List<String> mixed = MixedText.parts(3, CHARACTERS, PART);
        Path folder = Files.createTempDirectory("tokenizers");
        System.out.printf("%-24s %8s %8s %8s %8s%n", "MB/s", "English", "theirs", "mixed", "theirs");
        for (ToyFamily family : PeersTest.families().toList()) {
            if (!chosen.isEmpty() && !chosen.contains(family.name)) {
                continue;
            }
            Tokenizer ours = Tokenizers.open(Files.write(folder.resolve("toy.gguf"), family.gguf()));
            Path json = Files.write(folder.resolve("tokenizer.json"), family.json());
            try (HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(json, PeersTest.OPTIONS)) {
                Consumer<String> peer = text -> theirs.encode(text, false, false);
                print(
                        family.name,
                        speed(text -> ours.encode(text, false), english, ROUNDS),
                        speed(peer, english, PEER_ROUNDS),
                        speed(text -> ours.encode(text, false), mixed, ROUNDS),
                        speed(peer, mixed, PEER_ROUNDS));
            }
        }
        for (String argument : arguments) {
            Path file = Path.of(argument);
            if (argument.endsWith(".gguf")) {
                Tokenizer ours = Tokenizers.open(file);
                print(
                        String.valueOf(file.getFileName()),
                        speed(text -> ours.encode(text, false), english, ROUNDS),
                        Double.NaN,
                        speed(text -> ours.encode(text, false), mixed, ROUNDS),
                        Double.NaN);
            }
        }
    }

    private static List<String> english(String... arguments) throws IOException {
        for (String argument : arguments) {
            if (argument.endsWith(".txt")) {
                String text = Files.readString(Path.of(argument));
                return Collections.nCopies(Math.max(1, CHARACTERS / text.length()), text);
            }
        }
        return MixedText.english(3, CHARACTERS, PART);
    }

    private static void print(String name, double... speeds) {
        System.out.printf(
                Locale.ROOT, "%-24s %8.1f %8.1f %8.1f %8.1f%n", name, speeds[0], speeds[1], speeds[2], speeds[3]);
    }

    private static double speed(Consumer<String> encode, List<String> texts, int rounds) {
        long bytes = 0;
        for (String text : texts) {
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
        }
        long best = Long.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            long before = THREADS.getCurrentThreadCpuTime();
            texts.forEach(encode);
            best = Math.min(best, THREADS.getCurrentThreadCpuTime() - before);
        }
        return bytes * 1e3 / best;
    }
}
