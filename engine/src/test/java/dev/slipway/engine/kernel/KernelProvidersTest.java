package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.kernel.x86.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KernelProvidersTest {
    /** Started in a JVM of its own. */
    static final class Describe {
        private Describe() {}

        public static void main(String[] args) {
            System.out.println(KernelProviders.describe());
        }
    }

    private static String describeInOwnJvm(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Describe.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }

    private static final boolean EMITS = !KernelProviders.processor().levels().isEmpty();

    @Test
    void takesTheFastestProviderThatRuns() {
        assertThat(KernelProviders.describe()).startsWith(EMITS ? "emitted: " : "vector: ");
        assertThat(KernelProviders.choose("scalar").provider().name()).isEqualTo("scalar");
        assertThat(KernelProviders.choose("").provider().name()).isEqualTo(EMITS ? "emitted" : "vector");
    }

    /** Only here is it known whether the test's host must have it; elsewhere the reason is there to read. */
    @Test
    void saysWhyCodeCannotBeEmitted() {
        Processor processor = KernelProviders.processor();
        assertThat(processor.obstacle().isEmpty()).isEqualTo(EMITS);
    }

    @Test
    void fallsBackWithTheReasonWhereCodeCannotBeEmitted() throws Exception {
        String elsewhere = "-Dos.arch=aarch64";
        assertThat(describeInOwnJvm(elsewhere, "--add-modules", "jdk.incubator.vector"))
                .startsWith("vector: ")
                .contains("no emitter for aarch64", "bits");
        assertThat(describeInOwnJvm(elsewhere)).startsWith("scalar: ").contains("jdk.incubator.vector", "aarch64");
    }

    @Test
    void fallsBackWhereNativeCallsAreForbidden() throws Exception {
        assertThat(describeInOwnJvm("--add-modules", "jdk.incubator.vector", "--illegal-native-access=deny"))
                .startsWith("vector: ")
                .contains("native calls are not allowed");
        assertThat(describeInOwnJvm("--add-modules", "jdk.incubator.vector", "-Dslipway.posix=off"))
                .startsWith("vector: ")
                .contains("slipway.posix=off");
    }

    @Test
    void isForcedByASystemProperty() throws Exception {
        assertThat(describeInOwnJvm("--add-modules", "jdk.incubator.vector", "-Dslipway.kernels=scalar"))
                .startsWith("scalar: ")
                .contains("slipway.kernels");
    }

    @Test
    void forcesLevels() {
        for (Level level : Level.values()) {
            String wish = "emitted-" + level.label();
            if (KernelProviders.processor().levels().contains(level)) {
                assertThat(KernelProviders.choose(wish).provider()).hasToString(wish);
            } else {
                assertThatThrownBy(() -> KernelProviders.choose(wish))
                        .isInstanceOf(EngineException.class)
                        .hasMessageContaining(wish);
            }
        }
        assertThatThrownBy(() -> KernelProviders.choose("emitted-avx3"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("emitted-avx3");
    }

    @Test
    void refusesUnknownNames() {
        assertThatThrownBy(() -> KernelProviders.choose("warp"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("warp");
    }
}
