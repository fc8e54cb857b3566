package dev.slipway.it.image;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.it.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs other programs, and the packaged slipway as a user would. */
final class Tool {
    /** An ordinary user, whether it has a name or not. */
    static final int USER = 1000;

    private static final List<String> AS_USER =
            List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups");
    private static final int PATIENCE_SECONDS = 120;

    private Tool() {}

    /** How a program ended; standard error only. */
    record Outcome(int status, String out, String err) {}

    /** Skips the test, saying why, unless all programs are here. */
    static void require(String... programs) {
        for (String program : programs) {
            assumeTrue(isInstalled(program), "skipped: '" + program + "' is not installed");
        }
    }

    static boolean isInstalled(String program) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    static boolean root() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    /** Whether {@link #USER} can run the packaged program, for root to ask. */
    static boolean reachableByUser() throws Exception {
        List<String> test = new ArrayList<>(AS_USER);
        test.addAll(List.of(
                "test", "-x", Repository.DISTRIBUTION.resolve("bin/slipway").toString()));
        return isInstalled("setpriv") && run(Map.of(), test).status() == 0;
    }

    /** Runs slipway; as {@link #USER} when asked and possible. */
    static Outcome slipway(boolean asUser, Path home, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        if (asUser) {
            command.addAll(
                    List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "env", "HOME=" + home));
        }
        command.add(Repository.DISTRIBUTION.resolve("bin/slipway").toString());
        command.addAll(List.of(arguments));
        return run(Map.of("SLIPWAY_HOME", home.resolve("slipway").toString()), command);
    }

    static Outcome run(Map<String, String> environment, List<String> command) throws Exception {
        Path out = Files.createTempFile("tool", ".out");
        Path err = Files.createTempFile("tool", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end");
            }
            return new Outcome(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.ISO_8859_1),
                    Files.readString(err, StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** What a program prints that has to succeed. */
    static byte[] bytes(Map<String, String> environment, List<String> command) throws Exception {
        Outcome outcome = run(environment, command);
        if (outcome.status() != 0) {
            throw new AssertionError(command + " failed: " + outcome.err());
        }
        return outcome.out().getBytes(StandardCharsets.ISO_8859_1);
    }
}
