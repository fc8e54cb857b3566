package dev.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "'', -1, 127.0.0.1, 8080",
        "'', 0, 127.0.0.1, 0",
        "127.0.0.2, -1, 127.0.0.2, 8080",
        "127.0.0.2:9, -1, 127.0.0.2, 9",
        "127.0.0.2:9, 10, 127.0.0.2, 10",
        ":9, -1, 127.0.0.1, 9",
        "[::1]:9, -1, 0:0:0:0:0:0:0:1, 9",
        "[::1], -1, 0:0:0:0:0:0:0:1, 8080",
        "::1, -1, 0:0:0:0:0:0:0:1, 8080",
    })
    void readsHostAndPort(String address, int port, String host, int expected) {
        InetSocketAddress read = ListenAddress.of(address, port);

        assertThat(read.getAddress().getHostAddress()).isEqualTo(host);
        assertThat(read.getPort()).isEqualTo(expected);
    }
}
