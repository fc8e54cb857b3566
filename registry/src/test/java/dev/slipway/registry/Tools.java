package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of others that tests run. */
final class Tools {
    private static final int PATIENCE_SECONDS = 120;

    private Tools() {}

    /** The first of the tools that is not installed. */
    static Optional<String> missing(String... tools) throws IOException, InterruptedException {
        for (String tool : tools) {
            if (new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() != 0) {
                return Optional.of(tool);
            }
        }
        return Optional.empty();
    }

    static String[] append(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    /** Runs a program that must succeed, and returns what it printed. */
    static String run(String... command) throws IOException, InterruptedException {
        Result result = execute(command);
        assertThat(result.status())
                .as(String.join(" ", command) + "\n" + result.output())
                .isZero();
        return result.output();
    }

    static int status(String... command) throws IOException, InterruptedException {
        return execute(command).status();
    }

    private record Result(int status, String output) {}

    private static Result execute(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), output);
    }
}
