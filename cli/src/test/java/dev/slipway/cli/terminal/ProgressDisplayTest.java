package dev.slipway.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private ProgressDisplay display(boolean terminal) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new ProgressDisplay(new Console(
                InputStream.nullInputStream(),
                stream,
                stream,
                new Console.Terminals(terminal, terminal, terminal),
                Map.of("TERM", "xterm", "NO_COLOR", "1")));
    }

    private String shown() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void awayFromATerminalEachStepIsOneLineWhenItEnds() {
        try (ProgressDisplay display = display(false)) {
            for (long done = 0; done <= 10_000; done += 1000) {
                display.step("pull abc", done, 10_000);
            }
            display.step("pull abc", 10_000, 10_000);
            display.step("unpack", 1, 1);
        }

        assertThat(shown()).isEqualTo("  ok  pull abc 9.8 KiB\n  ok  unpack\n");
    }

    @Test
    void onATerminalRunningStepsAreDrawnAgain() {
        try (ProgressDisplay display = display(true)) {
            display.step("one", 5000, 10_000);
            display.step("two", 1, 1);
            display.step("one", 10_000, 10_000);
        }

        assertThat(shown()).contains("  ..  one 4.9 KiB of 9.8 KiB (50 %)\n", "\u001b[1A\u001b[J");
        assertThat(shown()).endsWith("  ok  one 9.8 KiB\n");
    }

    @Test
    void unknownTotalsShowWhatIsDone() {
        try (ProgressDisplay display = display(true)) {
            display.step("index", 9000, dev.slipway.base.ProgressListener.Progress.UNKNOWN);
            display.step("other", 1, 1);
        }

        assertThat(shown()).contains("  ..  index 8.8 KiB\n");
    }
}
