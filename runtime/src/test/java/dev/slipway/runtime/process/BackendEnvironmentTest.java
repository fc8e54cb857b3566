package dev.slipway.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BackendEnvironmentTest {
    @Test
    void secretsStayBehindAndWhatTheLaunchAddsWins() {
        Map<String, String> environment = BackendEnvironment.of(
                Map.of(
                        "PATH", "/bin",
                        "HOME", "/home/me",
                        "LANG", "C",
                        "API_KEY", "secret",
                        "JAVA_TOOL_OPTIONS", "-Dx",
                        "LOCALAI_BACKEND_PARENT_WATCH_INTERVAL", "5s"),
                Map.of("LANG", "de_DE.UTF-8", "EXTRA", "1"));

        assertThat(environment)
                .containsOnly(
                        Map.entry("PATH", "/bin"),
                        Map.entry("HOME", "/home/me"),
                        Map.entry("LANG", "de_DE.UTF-8"),
                        Map.entry("EXTRA", "1"),
                        Map.entry("LOCALAI_BACKEND_PARENT_WATCH", "true"),
                        Map.entry("LOCALAI_BACKEND_PARENT_WATCH_INTERVAL", "5s"));
    }

    @Test
    void aServerWithoutPathStillGivesOne() {
        assertThat(BackendEnvironment.of(Map.of(), Map.of()).get("PATH")).contains("/usr/bin");
    }
}
