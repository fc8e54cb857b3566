package dev.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
    private static final String DEMO = "../demo-model/slipway-demo.gguf";

    @TempDir
    Path home;

    private CommandRun bench(String... more) {
        assumeTrue(Files.exists(Path.of(DEMO)), "the demo model is there");
        String[] arguments = new String[more.length + 12];
        String[] fixed = {
            "bench", DEMO, "--threads", "1", "--prompt", "32", "--tokens", "8", "--requests", "2", "--repetitions", "1"
        };
        System.arraycopy(fixed, 0, arguments, 0, fixed.length);
        System.arraycopy(more, 0, arguments, fixed.length, more.length);
        return CommandRun.inHome(home, arguments);
    }

    @Test
    void printsAListOfRowsAsJson() {
        CommandRun run = bench("--json", "--depth", "64");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode rows = JsonMapper.builder().build().readTree(run.out());
        assertThat(rows).extracting(row -> row.path("test").stringValue()).contains("pp32", "tg8", "tg8@d64", "tg8x2");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.path("threads").intValue()).isEqualTo(1);
            assertThat(row.path("tokens_per_second").doubleValue()).isPositive();
            assertThat(row.path("fraction_of_limit").isNumber()
                            || row.path("fraction_of_limit").isNull())
                    .isTrue();
            assertThat(row.path("probe").path("read_bytes_per_second").doubleValue())
                    .isPositive();
        });
    }

    @Test
    void printsATableAndWhatWasLeftOut() {
        CommandRun run = bench();
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("TOKENS/S", "OF LIMIT", "pp32", "tg8x2", "Slipway Demo", "A context of 2048 is left out");
        assertThat(run.err()).contains("measure with 1 thread");
    }

    @Test
    void saysWhichModelIsNotThere() {
        CommandRun run = CommandRun.inHome(home, "bench", "no-such-model");
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).contains("no-such-model");
    }

    @Test
    void refusesThreadsThatTheHostHasNot() {
        CommandRun run = bench("--threads", "100000");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("threads");
    }
}
