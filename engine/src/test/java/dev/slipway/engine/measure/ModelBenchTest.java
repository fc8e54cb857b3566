package dev.slipway.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.TinyModel;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBenchTest {
    private static final BenchOptions SMALL = new BenchOptions(List.of(1), 40, 8, 60, 3, 1, "auto");

    @TempDir
    Path folder;

    private Path tiny() throws IOException {
        return new TinyModel("qwen2", QuantisationType.Q8_0, false, 128, 1).writeTo(folder);
    }

    private BenchReport run(BenchOptions options, List<BenchRow> heard) throws IOException {
        return ModelBench.run(tiny(), options, ProgressListener.NONE, heard::add, Cancellation.never());
    }

    @Test
    void measuresPromptsAnswersLongContextsAndManyRequests() throws IOException {
        List<BenchRow> heard = new ArrayList<>();
        BenchReport report = run(SMALL, heard);
        assertThat(report.rows()).extracting(BenchRow::test).containsExactly("pp40", "tg8", "tg8@d60", "tg8x3");
        assertThat(heard).isEqualTo(report.rows());
        assertThat(report.rows()).allSatisfy(row -> {
            assertThat(row.tokensPerSecond()).isPositive().isLessThanOrEqualTo(row.bestTokensPerSecond());
            assertThat(row.probe().readBytesPerSecond()).isGreaterThan(1e8);
            assertThat(row.loadSeconds()).isPositive();
            assertThat(row.threads()).isEqualTo(1);
        });
    }

    @Test
    void saysWhichRowHasNoRoom() throws IOException {
        BenchReport report = run(new BenchOptions(List.of(1), 40, 8, 2048, 1, 1, "scalar"), new ArrayList<>());
        assertThat(report.rows()).extracting(BenchRow::test).containsExactly("pp40", "tg8");
        assertThat(report.notes()).containsExactly("A context of 2048 is left out: the model's ends at 128.");
        assertThat(report.provider()).isEqualTo("scalar");
    }

    @Test
    void stopsWhenCancelled() throws IOException {
        Path model = tiny();
        Cancellation cancellation = new Cancellation();
        assertThatThrownBy(() ->
                        ModelBench.run(model, SMALL, ProgressListener.NONE, row -> cancellation.cancel(), cancellation))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThatThrownBy(() -> new BenchOptions(List.of(100_000), 1, 2, 0, 1, 1, "auto"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("threads");
        assertThatThrownBy(() -> new BenchOptions(List.of(1), 1, 1, 0, 1, 1, "auto"))
                .hasMessageContaining("new tokens");
    }

    @Test
    void countsWhatATokenCosts() throws IOException {
        try (OpenModel file = OpenModel.open(tiny())) {
            WorkPerToken work = WorkPerToken.of(file);
            long matrices = 2 * (64 * 64 * 2 + 64 * 32 * 2 + 3 * 64 * 96);
            long vectors = 64 + 2 * (2 * 64 + 64 + 2 * 32);
            assertThat(work.byteOperations()).isEqualTo(2 * matrices);
            assertThat(work.floatOperations()).isZero();
            assertThat(work.decodeBytes()).isEqualTo((matrices + 259 * 64) / 32 * 34 + 4 * vectors);
            assertThat(work.kvBytes()).isEqualTo(2 * 2 * 2 * 2 * 16);
        }
    }

    @Test
    void callsRowsAboveTheProbeImpossible() {
        ProbeFigures probe = new ProbeFigures(1e9, OptionalDouble.empty(), OptionalDouble.empty());
        BenchRow possible =
                new BenchRow("tg1", 1, 1, 1, 1, OptionalDouble.of(0.8), OptionalDouble.of(0.99), probe, 1, 0);
        BenchRow impossible =
                new BenchRow("tg2", 1, 1, 1, 1, OptionalDouble.of(0.8), OptionalDouble.of(1.01), probe, 1, 0);
        BenchReport report = new BenchReport("", "", "", 0, List.of(possible, impossible), List.of());
        assertThat(report.impossibleRows()).containsExactly(impossible);
    }
}
