package dev.slipway.backend.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.backend.BackendException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchArgumentsTest {
    @Test
    void bothFormsOfTheAddressAreUnderstood() {
        InetSocketAddress expected = new InetSocketAddress("127.0.0.1", 4711);
        assertThat(LaunchArguments.address(List.of("--addr", "127.0.0.1:4711"))).isEqualTo(expected);
        assertThat(LaunchArguments.address(List.of("--addr=127.0.0.1:4711"))).isEqualTo(expected);
        assertThat(LaunchArguments.address(List.of("--addr=[::1]:4711"))
                        .getAddress()
                        .getHostAddress())
                .isEqualTo("0:0:0:0:0:0:0:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--addr",
                "--addr=",
                "--addr=4711",
                "--addr=:4711",
                "--addr=127.0.0.1:",
                "--addr=127.0.0.1:x",
                "--addr=127.0.0.1:65536",
                "--addr=127.0.0.1:1 --addr=127.0.0.1:1",
                "--port=1 --addr=127.0.0.1:1"
            })
    void anythingElseIsAnErrorThatShowsTheUsage(String line) {
        List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
        assertThatThrownBy(() -> LaunchArguments.address(arguments))
                .isInstanceOfSatisfying(BackendException.class, e -> {
                    assertThat(e.code()).isEqualTo("backend.usage");
                    assertThat(e.hint()).contains("--addr HOST:PORT");
                });
    }

    @ParameterizedTest
    @CsvSource({"2s, 2000", "500ms, 500", "1m30s, 90000", "1h, 3600000"})
    void intervalsAreReadInTheHostsSpelling(String text, long milliseconds) {
        assertThat(Intervals.parse(text)).contains(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "2", "s", "-1s", "1x", "99999999999s"})
    void otherIntervalsAreNone(String text) {
        assertThat(Intervals.parse(text)).isEmpty();
    }
}
