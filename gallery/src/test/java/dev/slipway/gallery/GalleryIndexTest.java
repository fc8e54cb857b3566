package dev.slipway.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.gallery.CapabilityResolver.Resolution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GalleryIndexTest {
    private static final String SMALL = """
            - &echo
              name: "echo"
              alias: "talk"
              tags: [text, CPU]
              description: |
                Says what
                it hears.
              capabilities:
                default: "cpu-echo"
                nvidia: "cuda-echo"
                nvidia-l4t: "l4t-echo"
            - !!merge <<: *echo
              name: "cpu-echo"
              uri: "quay.io/example/echo:cpu"
              mirrors:
                - example/echo:cpu
            - <<: *echo
              name: "cuda-echo"
              uri: "oci://quay.io/example/echo:cuda"
            - <<: [*echo, {version: "7", alias: unused}]
              name: "l4t-echo"
              uri: "quay.io/example/echo:l4t"
            """;

    @Test
    void mergeKeysGiveWhatTheRowItselfDoesNotSay() {
        GalleryIndex index = parse(SMALL);

        assertThat(index.problems()).isEmpty();
        assertThat(index.entries())
                .extracting(GalleryEntry::name)
                .containsExactly("echo", "cpu-echo", "cuda-echo", "l4t-echo");
        GalleryEntry cpu = index.require("CPU-Echo");
        assertThat(cpu.alias()).isEqualTo("talk");
        assertThat(cpu.meta()).isFalse();
        assertThat(cpu.capabilities()).containsEntry("default", "cpu-echo");
        assertThat(cpu.display().tags()).containsExactly("text", "CPU");
        assertThat(cpu.display().description()).isEqualTo("Says what\nit hears.");
        assertThat(cpu.mirrors()).containsExactly("example/echo:cpu");
        assertThat(index.require("l4t-echo").version()).isEqualTo("7");
        assertThat(index.require("l4t-echo").alias())
                .as("the first source wins")
                .isEqualTo("talk");
        assertThat(index.require("echo").meta()).isTrue();
    }

    @Test
    void badRowsAreLeftOutAndReported() {
        GalleryIndex index = parse("""
                - name: good
                  uri: a/b
                - just a text
                - uri: no/name
                - name: ../../evil
                  uri: a/b
                - name: nothing
                - name: odd
                  uri: [a]
                """);

        assertThat(index.entries()).extracting(GalleryEntry::name).containsExactly("good");
        assertThat(index.problems())
                .extracting(GalleryIndex.Problem::row, GalleryIndex.Problem::line, GalleryIndex.Problem::reason)
                .containsExactly(
                        tuple(2, 3, "it is not a mapping"),
                        tuple(3, 4, "it has no name"),
                        tuple(4, 5, "its name cannot name a folder"),
                        tuple(5, 7, "it has neither a uri nor capabilities"),
                        tuple(6, 8, "its 'uri' is not a text"));
    }

    @Test
    void documentsThatAreNoIndexAreRefusedWithTheLine() {
        for (String bad : List.of(
                "name: x",
                "- a: [",
                "- *nowhere",
                "- {a: 1, a: 2}",
                "- &self\n  <<: *self",
                "- ? [a]\n  : b",
                "- <<: text",
                "[".repeat(5_000))) {
            assertThatExceptionOfType(GalleryException.class)
                    .as(bad)
                    .isThrownBy(() -> parse(bad))
                    .matches(e -> e.code().equals("gallery.invalid-index"));
        }
        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> parse("- name: x\n- a: [\n"))
                .withMessageContaining("line ");
        assertThat(parse("").entries()).isEmpty();
    }

    @Test
    void damagedIndexesAreReadOrRefusedButNeverBreakTheReader() {
        long seed = 20_260_101L;
        Random random = new Random(seed);
        byte[] good = SMALL.getBytes(StandardCharsets.UTF_8);
        String marks = "-:&*?|<>{}[],'\"#!%@\n\t \0";
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = good.clone();
            for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte)
                        (random.nextBoolean() ? marks.charAt(random.nextInt(marks.length())) : random.nextInt(256));
            }
            try {
                assertThat(GalleryIndex.parse(bad).entries()).hasSizeLessThanOrEqualTo(good.length);
            } catch (GalleryException e) {
                assertThat(e.code()).as("seed " + seed + ", round " + i).isEqualTo("gallery.invalid-index");
            }
        }
    }

    @Test
    void aBombOfMergesIsRefused() {
        StringBuilder yaml = new StringBuilder("- &a0\n");
        for (int i = 0; i < 1000; i++) {
            yaml.append("  k").append(i).append(": v\n");
        }
        for (int i = 1; i < 2000; i++) {
            yaml.append("- <<: *a0\n");
        }
        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> parse(yaml.toString()))
                .withMessageContaining("merge keys copy more than");
    }

    @Test
    void aHostGetsTheNearestBuildAndTheReason() {
        GalleryIndex index = parse(SMALL);

        assertThat(choose(index, "nvidia")).isEqualTo("cuda-echo");
        assertThat(choose(index, "nvidia-cuda-12")).as("more general").isEqualTo("cuda-echo");
        assertThat(choose(index, "nvidia-l4t-cuda-13")).isEqualTo("l4t-echo");
        assertThat(choose(index, "amd")).isEqualTo("cpu-echo");
        assertThat(choose(index, "default")).isEqualTo("cpu-echo");
        Resolution resolution =
                CapabilityResolver.resolve(index, "echo", new HostCapability("nvidia-cuda-12", "NVIDIA GPU"));
        assertThat(resolution.reason()).contains("nvidia-cuda-12").contains("'nvidia' is the nearest");
        assertThat(CapabilityResolver.resolve(index, "cuda-echo", new HostCapability("default", "none"))
                        .entry()
                        .name())
                .as("a concrete backend is taken as it is")
                .isEqualTo("cuda-echo");
    }

    @Test
    void aHostWithoutAnyBuildIsTold() {
        GalleryIndex index = parse("""
                - name: gpu-only
                  capabilities: {nvidia: cuda-only, nvidia-l4t: gone}
                - name: cuda-only
                  uri: a/b
                """);

        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> choose(index, "default"))
                .withMessageContaining("it has nvidia")
                .matches(e -> e.code().equals("gallery.no-build"));
        assertThatExceptionOfType(GalleryException.class)
                .as("builds for ordinary NVIDIA hosts do not run on L4T")
                .isThrownBy(() ->
                        CapabilityResolver.resolve(index, "gpu-only", new HostCapability("nvidia-l4t-cuda-12", "")));
    }

    @Test
    void anUnknownNameComesWithTheNearest() {
        assertThatExceptionOfType(GalleryException.class)
                .isThrownBy(() -> parse(SMALL).require("cpu-ehco"))
                .withMessage("No backend found with name \"cpu-ehco\".")
                .matches(e -> e.hint().contains("cpu-echo"));
    }

    @Test
    void theEmbeddedIndexNamesTheBackendOfThisVersion() throws IOException {
        GalleryIndex index = GalleryIndex.embedded();

        assertThat(index.problems()).isEmpty();
        GalleryEntry slipway = index.require("slipway");
        String pom = Files.readString(Path.of("pom.xml"));
        String version = pom.split("<version>", 2)[1].split("</version>", 2)[0];
        assertThat(slipway.uri()).isEqualTo("oci://registry.slipway.dev/backends/slipway:" + version);
        assertThat(slipway.version()).isEqualTo(version);
        assertThat(slipway.meta()).isFalse();
    }

    @Test
    void aRealIndexIsReadWhole() throws IOException {
        String data = System.getenv("SLIPWAY_TEST_DATA");
        Assumptions.assumeTrue(data != null, "SLIPWAY_TEST_DATA is not set");
        GalleryIndex index = GalleryIndex.parse(Files.readAllBytes(Path.of(data, "backend-index.yaml")));

        assertThat(index.problems()).isEmpty();
        assertThat(index.entries()).hasSize(1033);
        assertThat(index.entries().stream().filter(GalleryEntry::meta)).hasSize(140);
        assertThat(index.entries().stream().filter(entry -> !entry.uri().isEmpty()))
                .hasSize(893);
        assertThat(choose(index, "llama-cpp", "default")).isEqualTo("cpu-llama-cpp");
        assertThat(choose(index, "llama-cpp", "metal")).isEqualTo("metal-llama-cpp");
        assertThat(choose(index, "vllm-omni", "nvidia-cuda-13")).isEqualTo("cuda13-vllm-omni");
        for (GalleryEntry entry : index.entries()) {
            entry.capabilities()
                    .values()
                    .forEach(name -> assertThat(index.find(name)).as(name).isPresent());
        }
    }

    private static GalleryIndex parse(String yaml) {
        return GalleryIndex.parse(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static String choose(GalleryIndex index, String capability) {
        return choose(index, index.entries().getFirst().name(), capability);
    }

    private static String choose(GalleryIndex index, String name, String capability) {
        return CapabilityResolver.resolve(index, name, new HostCapability(capability, "a test"))
                .entry()
                .name();
    }
}
