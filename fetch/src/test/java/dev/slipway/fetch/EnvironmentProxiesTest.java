package dev.slipway.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.fetch.wire.Route;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentProxiesTest {
    private static final EnvironmentProxies PROXIES = EnvironmentProxies.from(Map.of(
            "HTTP_PROXY", "proxy.example:3128",
            "https_proxy", "http://secure.example",
            "no_proxy", "internal.example, .corp.example"));

    @ParameterizedTest
    @CsvSource({
        "http://quay.io/, proxy.example:3128",
        "https://quay.io/, secure.example:80",
        "http://internal.example/, DIRECT",
        "http://a.corp.example/, DIRECT",
        "http://notinternal.example/, proxy.example:3128",
        "http://127.0.0.1:5000/, DIRECT",
        "http://localhost/, DIRECT",
    })
    void choosesByTheEnvironmentAndNeverForThisMachine(String uri, String expected) {
        String chosen = PROXIES.proxy(URI.create(uri)).map(Object::toString).orElse("DIRECT");
        assertThat(chosen).isEqualTo(expected);
    }

    @Test
    void showsItselfToTheProxyAndTheSecretToNobody() {
        EnvironmentProxies proxies =
                EnvironmentProxies.from(Map.of("all_proxy", "http://user:hunter2@proxy.example:8080"));

        Route.Proxy proxy = proxies.proxy(URI.create("https://quay.io/")).orElseThrow();

        assertThat(proxy.authorization()).isEqualTo("Basic dXNlcjpodW50ZXIy");
        assertThat(proxy).asString().isEqualTo("proxy.example:8080");
    }

    @Test
    void refusesWhatIsNoProxyWithoutRepeatingIt() {
        EnvironmentProxies proxies = EnvironmentProxies.from(Map.of("all_proxy", "socks5://user:hunter2@proxy"));

        assertThatThrownBy(() -> proxies.proxy(URI.create("https://quay.io/")))
                .hasMessageContaining("no http address")
                .hasMessageNotContaining("hunter2");
    }
}
