package dev.slipway.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
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
        String chosen = PROXIES.select(URI.create(uri)).getFirst().toString();
        assertThat(chosen)
                .contains(expected.replace(":3128", "/<unresolved>:3128").replace(":80", "/<unresolved>:80"));
    }
}
