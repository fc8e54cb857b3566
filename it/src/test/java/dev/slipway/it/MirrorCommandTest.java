package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import dev.slipway.registry.EphemeralRegistry;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code slipway registry serve --mirror}, in a process of its own, before an upstream that comes and goes. */
class MirrorCommandTest {
    private static final byte[] LAYER = "the layer".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    @SuppressWarnings("try") // The upstream goes away in between.
    void servesWhatItFetchedWhenItsUpstreamIsGoneAndWhenItIsToldToStayOffline() throws Exception {
        String upstreamHost;
        try (EphemeralRegistry upstream = EphemeralRegistry.start()) {
            fill(upstream, "one");
            fill(upstream, "two");
            upstreamHost = upstream.host();
            try (Mirror mirror = Mirror.start(folder, "--mirror", upstreamHost, "--tag-life", "0")) {
                assertThat(mirror.get("/v2/team/app/manifests/one").statusCode())
                        .isEqualTo(200);
                assertThat(mirror.get("/v2/team/app/blobs/" + Digest.sha256(LAYER))
                                .body())
                        .isEqualTo(LAYER);
                long fetched = upstream.counters().blobBytes();
                mirror.get("/v2/team/app/blobs/" + Digest.sha256(LAYER));
                assertThat(upstream.counters().blobBytes()).isEqualTo(fetched);
                upstream.close();

                assertThat(mirror.get("/v2/team/app/manifests/one").statusCode())
                        .isEqualTo(200);
                assertThat(mirror.get("/v2/team/app/manifests/two").statusCode())
                        .isGreaterThanOrEqualTo(400);
            }
        }
        try (Mirror mirror = Mirror.start(folder, "--mirror", upstreamHost, "--offline")) {
            assertThat(mirror.get("/v2/team/app/manifests/one").statusCode()).isEqualTo(200);
            assertThat(mirror.get("/v2/team/app/manifests/two").statusCode()).isEqualTo(404);
        }
    }

    private static void fill(EphemeralRegistry registry, String tag) {
        Digest layer = Digest.sha256(LAYER);
        registry.store().put(layer, LAYER);
        byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
        registry.store().put(Digest.sha256(config), config);
        byte[] manifest = """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
                "digest":"%s","size":2},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s",\
                "size":%d}],"annotations":{"tag":"%s"}}""".formatted(MediaTypes.MANIFEST, Digest.sha256(config), layer, LAYER.length, tag)
                .getBytes(StandardCharsets.UTF_8);
        registry.store().put(Digest.sha256(manifest), manifest);
        registry.store().tag("localhost/team/app:" + tag, Descriptor.of(MediaTypes.MANIFEST, manifest));
    }

    /** The packaged program as a mirror. */
    private record Mirror(Process process, String url, HttpClient http) implements AutoCloseable {
        static Mirror start(Path folder, String... options) throws Exception {
            List<String> command = new ArrayList<>(
                    List.of(Repository.DISTRIBUTION.resolve("bin/slipway").toString(), "registry", "serve", "--json"));
            command.addAll(List.of("--addr", "127.0.0.1:0", "--dir", folder.toString()));
            command.addAll(List.of(options));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                String line = out.readLine();
                assertThat(line).as("what the mirror says when it listens").isNotNull();
                String url = JsonMapper.shared().readTree(line).get("url").asString();
                return new Mirror(process, url, HttpClient.newHttpClient());
            }
        }

        HttpResponse<byte[]> get(String path) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url).resolve(path))
                    .timeout(Duration.ofSeconds(60))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }

        @Override
        public void close() {
            process.destroy();
            http.close();
            assertThat(process.onExit().orTimeout(30, TimeUnit.SECONDS).join().exitValue())
                    .isNotNegative();
        }
    }
}
