package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.slipway.base.CodedException;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.model.OneToken;
import dev.slipway.engine.model.TextModel;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged models of both layouts: each is refused with a coded error, or loaded and run for a token; nothing takes long, and
 * no memory is taken that the plan does not allow. A failure names the seed that repeats it. The everyday run is short;
 * {@code -Pstress} looks for minutes.
 */
class ModelFuzzTest {
    private static final long MEMORY = 256L << 20;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    /** One model: the files that may be damaged, and what to open. */
    private record Sample(Path opened, List<Path> files, List<byte[]> sound) {
        static Sample of(Path opened, List<Path> files) throws IOException {
            List<byte[]> sound = new ArrayList<>();
            for (Path file : files) {
                sound.add(Files.readAllBytes(file));
            }
            return new Sample(opened, files, sound);
        }

        void restore(int index) throws IOException {
            Files.write(files.get(index), sound.get(index));
        }
    }

    @Test
    void survivesDamagedModels() throws IOException {
        int ran = fuzz(1, 300);
        assertThat(ran).as("damaged models that can still be run").isBetween(50, 250);
    }

    @Tag("stress")
    @Test
    void survivesThemForLong() throws IOException {
        assertThat(fuzz(System.nanoTime(), 200_000)).isPositive();
    }

    private List<Sample> samples() throws IOException {
        List<Sample> samples = new ArrayList<>();
        int seed = 1;
        for (String architecture : List.of("llama", "qwen2", "qwen3")) {
            Path own = Files.createDirectories(folder.resolve(architecture));
            Path gguf = new TinyModel(architecture, QuantisationType.F16, false, 256, seed++).writeTo(own);
            samples.add(Sample.of(gguf, List.of(gguf)));
            Path twin = HuggingFaceTwin.write(
                    gguf,
                    own.resolve("twin"),
                    architecture,
                    2,
                    Map.of(
                            "rope_scaling",
                            Map.of("rope_type", "yarn", "factor", 2.0, "original_max_position_embeddings", 64),
                            "sliding_window",
                            16));
            samples.add(Sample.of(
                    twin,
                    List.of(
                            twin.resolve("config.json"),
                            twin.resolve("model.safetensors.index.json"),
                            twin.resolve("model-00001-of-00002.safetensors"))));
        }
        Path quantised = Files.createDirectories(folder.resolve("quantised"));
        Path gguf = new TinyModel("llama", QuantisationType.Q4_0, true, 256, 9).writeTo(quantised);
        samples.add(Sample.of(gguf, List.of(gguf)));
        return samples;
    }

    private int fuzz(long firstSeed, int rounds) throws IOException {
        List<Sample> samples = samples();
        int ran = 0;
        for (long seed = firstSeed; seed < firstSeed + rounds; seed++) {
            long begin = System.nanoTime();
            Random random = new Random(seed);
            Sample sample = samples.get(random.nextInt(samples.size()));
            int file = random.nextInt(sample.files.size());
            Files.write(sample.files.get(file), ModelDamage.of(random, sample.sound.get(file)));
            try {
                ran += runs(sample.opened, random) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                fail("seed " + seed + ", " + sample.files.get(file), e);
            }
            sample.restore(file);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("seed %d", seed)
                    .isLessThan(LONGEST);
        }
        System.out.println(rounds + " damaged models from seed " + firstSeed + ": " + ran + " could be run");
        return ran;
    }

    /** Whether it could be loaded; then it has been run as well. */
    private static boolean runs(Path path, Random random) {
        String provider = random.nextInt(4) == 0 ? "scalar" : "auto";
        try (OpenModel model = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose(provider).provider(), 1)) {
            String storage = random.nextInt(4) == 0 ? "q8_0" : "none";
            EngineOptions options = EngineOptions.DEFAULT.withStorage(new Storage(storage, "f16", "q8_0"));
            TextModel.requireKnown(model);
            MemoryPlan plan = MemoryPlan.of(model, options, compute, () -> MEMORY);
            TextModel text = TextModel.of(model, compute, options.storage().weightForm());
            assertThat(OneToken.logits(text, plan.form()))
                    .hasSize(text.weights().vocabularySize());
            return true;
        } catch (CodedException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return false;
        }
    }
}
