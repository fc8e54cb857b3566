package dev.slipway.oci.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs the tools that judge us. */
final class Tools {
    private Tools() {}

    /** Skips the test, saying so, when a tool is not installed. */
    static void require(String... tools) throws Exception {
        for (String tool : tools) {
            boolean installed =
                    new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() == 0;
            if (!installed) {
                System.err.println("Skipped: " + tool + " is not installed.");
            }
            assumeTrue(installed, tool + " is not installed");
        }
    }

    /** Runs a command that must succeed and returns what it printed. */
    static String run(String... command) throws Exception {
        Process process = start(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + "\n" + output)
                .isZero();
        return output;
    }

    private static Process start(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }
}
