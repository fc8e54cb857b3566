package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
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

    @Test
    void takesTheVectorProviderWhereItCan() {
        assertThat(KernelProviders.describe()).startsWith("vector: ").contains("bits");
        assertThat(KernelProviders.choose("scalar").provider().name()).isEqualTo("scalar");
        assertThat(KernelProviders.choose("").provider().name()).isEqualTo("vector");
    }

    @Test
    void fallsBackWithTheReasonWhereTheVectorModuleIsAbsent() throws Exception {
        assertThat(describeInOwnJvm()).startsWith("scalar: ").contains("jdk.incubator.vector");
        assertThat(describeInOwnJvm("--add-modules", "jdk.incubator.vector")).startsWith("vector: ");
    }

    @Test
    void isForcedByASystemProperty() throws Exception {
        assertThat(describeInOwnJvm("--add-modules", "jdk.incubator.vector", "-Dslipway.kernels=scalar"))
                .startsWith("scalar: ")
                .contains("slipway.kernels");
    }

    @Test
    void refusesUnknownNames() {
        assertThatThrownBy(() -> KernelProviders.choose("warp"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("warp");
    }
}
