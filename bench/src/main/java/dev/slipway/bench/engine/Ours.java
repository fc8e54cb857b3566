package dev.slipway.bench.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link OurEngine} seen from outside, with the flags that the shipped backend has. */
final class Ours implements Contender {
    private static final List<String> FLAGS = List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:ThreadPriorityPolicy=1",
            "-XX:CompilerThreadPriority=10",
            "-XX:-PrintWarnings",
            "-XX:MaxRAMPercentage=60",
            "-Xlog:disable");

    private final Process process;
    private final BufferedReader in;
    private final PrintStream out;
    private final PeakMemory memory;

    Ours(Path model, int threads, int slots, int context) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OurEngine.class.getName()));
        command.addAll(
                List.of(model.toString(), String.valueOf(threads), String.valueOf(slots), String.valueOf(context)));
        try {
            process =
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        memory = new PeakMemory(process.pid());
        in = process.inputReader();
        out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        if (!"ready".equals(line())) {
            throw new IllegalStateException("our engine did not load " + model);
        }
    }

    private String line() {
        try {
            String line = in.readLine();
            if (line == null) {
                throw new IllegalStateException("our engine's process has ended");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public double prefill(int tokens) {
        out.println("pp " + tokens);
        return Double.parseDouble(line());
    }

    @Override
    public double decode(int depth, int steps, int requests) {
        out.println("tg " + depth + " " + steps + " " + requests);
        return Double.parseDouble(line());
    }

    @Override
    public long peakMemory() {
        return memory.peak();
    }

    @Override
    public void close() {
        out.close();
        memory.close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
