package dev.slipway.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputLogTest {
    @TempDir
    private Path folder;

    @Test
    void theLastLinesAreKeptAndLongOnesCut() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append("line ").append(i).append('\n');
        }
        text.append("x".repeat(2500)).append("\n\nlast, without an end");

        OutputLog log = log(folder.resolve("log"), text.toString());

        assertThat(log.tail()).hasSize(OutputLog.KEPT_LINES).endsWith("x".repeat(500), "last, without an end");
        assertThat(log.tail()).allMatch(line -> line.length() <= OutputLog.MAX_LINE_BYTES);
        assertThat(folder.resolve("log")).hasContent(text.toString());
    }

    @Test
    void theFileIsBounded() throws Exception {
        String text = "0123456789abcde\n".repeat((int) (OutputLog.MAX_FILE_BYTES / 16 * 2 + 1000));

        OutputLog log = log(folder.resolve("deep/log"), text);

        assertThat(Files.size(folder.resolve("deep/log"))).isLessThanOrEqualTo(OutputLog.MAX_FILE_BYTES);
        assertThat(Files.size(folder.resolve("deep/log.1"))).isLessThanOrEqualTo(OutputLog.MAX_FILE_BYTES);
        assertThat(log.tail().getLast()).isEqualTo("0123456789abcde");
    }

    @Test
    void outputIsDrainedEvenWhenTheFileCannotBeWritten() throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("file"), "");

        assertThat(log(inTheWay.resolve("log"), "a\nb\n").tail()).containsExactly("a", "b");
    }

    private static OutputLog log(Path file, String text) {
        OutputLog log =
                OutputLog.start(file, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "a test");
        log.awaitEnd(Duration.ofSeconds(30));
        return log;
    }
}
