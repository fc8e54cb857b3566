package dev.slipway.bench.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs shell scripts to their end. */
final class Shell {
    private static final int MINUTES = 20;

    private Shell() {}

    /**
     * What a program took, with all processes that it started and waited for.
     *
     * @param seconds from start to end, by the clock
     * @param cpu seconds, in user mode and in the kernel
     * @param peakBytes the largest resident set that one of its processes had
     */
    record Cost(double seconds, double cpu, long peakBytes) {}

    /** Runs a script that must succeed; returns what it wrote to standard output, one byte in each char. */
    static String run(String script) throws IOException, InterruptedException {
        return run(script, Map.of());
    }

    private static String run(String script, Map<String, String> environment) throws IOException, InterruptedException {
        Path output = Files.createTempFile("slipway-bench-", ".out");
        Path errors = Files.createTempFile("slipway-bench-", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder("sh", "-ec", script)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
                if (!ended || process.exitValue() != 0) {
                    throw new IOException(
                            script + "\n" + (ended ? "failed: " : "took too long: ") + Files.readString(errors));
                }
            } finally {
                process.destroyForcibly();
            }
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** Runs a script that must succeed and says what it took. */
    static Cost time(String script, Map<String, String> environment) throws IOException, InterruptedException {
        Path file = Files.createTempFile("slipway-bench-", ".time");
        try {
            String quoted = "'" + script.replace("'", "'\\''") + "'";
            long begin = System.nanoTime();
            run("exec /usr/bin/time -o " + file + " -f '%U %S %M' sh -ec " + quoted, environment);
            double seconds = (System.nanoTime() - begin) / 1e9;
            List<String> parts = List.of(Files.readString(file).strip().split(" "));
            return new Cost(
                    seconds,
                    Double.parseDouble(parts.get(0)) + Double.parseDouble(parts.get(1)),
                    Long.parseLong(parts.get(2)) * 1024);
        } finally {
            Files.delete(file);
        }
    }
}
