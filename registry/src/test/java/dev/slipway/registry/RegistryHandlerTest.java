package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.LayoutContentStore;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pull side of the distribution API over what the content store holds already, spoken to over plain HTTP. */
class RegistryHandlerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final EphemeralRegistry registry = EphemeralRegistry.start();
    private final ContentStore store = registry.store();
    private final byte[] blob = new byte[5000];
    private final Digest blobDigest;
    private Descriptor image;

    RegistryHandlerTest() {
        new Random(1).nextBytes(blob);
        blobDigest = Digest.sha256(blob);
    }

    @BeforeEach
    void fill() {
        store.put(blobDigest, blob);
        image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().file(new byte[] {1}, "a", false))
                .build(store);
        store.tag("localhost/local/app:1", image);
        store.tag("registry.slipway.dev/backends/slipway:0.1.0", image);
    }

    @AfterEach
    void stop() {
        registry.close();
        client.close();
    }

    @Test
    void saysThatItIsARegistry() throws Exception {
        assertThat(get("/v2/").statusCode()).isEqualTo(200);
        assertThat(get("/v2").statusCode()).isEqualTo(200);
        assertThat(get("/").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/local/app/manifests/1",
                "/v2/backends/slipway/manifests/0.1.0?ns=registry.slipway.dev",
                "/v2/registry.slipway.dev/backends/slipway/manifests/0.1.0",
                "/v2/local/app/manifests/DIGEST",
                "/v2/other/name/manifests/ENCODED",
            })
    void givesManifestsByteForByte(String path) throws Exception {
        String wanted = path.replace("DIGEST", image.digest().toString())
                .replace("ENCODED", image.digest().toString().replace(":", "%3A"));

        HttpResponse<byte[]> answer = get(wanted);
        HttpResponse<byte[]> head = head(wanted);

        byte[] expected = store.read(image.digest(), ManifestDocument.MAX_SIZE);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(expected);
        assertThat(head.body()).isEmpty();
        for (HttpResponse<byte[]> each : List.of(answer, head)) {
            assertThat(each.statusCode()).isEqualTo(200);
            assertThat(header(each, "Content-Type")).isEqualTo(MediaTypes.MANIFEST);
            assertThat(header(each, "Docker-Content-Digest"))
                    .isEqualTo(image.digest().toString());
            assertThat(header(each, "Content-Length")).isEqualTo(Integer.toString(expected.length));
        }
    }

    @Test
    void givesBlobsWhole() throws Exception {
        String path = "/v2/local/app/blobs/" + blobDigest;

        HttpResponse<byte[]> answer = get(path);
        HttpResponse<byte[]> head = head(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(blob);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).isEqualTo("5000");
        assertThat(header(head, "Docker-Content-Digest")).isEqualTo(blobDigest.toString());
        assertThat(registry.counters()).isEqualTo(new RegistryCounters(2, 0, 5000));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=10-19, 10, 10",
        "bytes=4000-, 4000, 1000",
        "bytes=-7, 4993, 7",
        "bytes=-9999, 0, 5000",
        "bytes=4990-9999, 4990, 10",
    })
    void givesPartsOfBlobs(String range, int first, int length) throws Exception {
        HttpResponse<byte[]> answer =
                send(request("/v2/local/app/blobs/" + blobDigest).header("Range", range));

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes " + first + "-" + (first + length - 1) + "/5000");
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(blob, first, first + length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=500-0", "bytes=5000-", "bytes=9999-99999", "bytes=-0"})
    void refusesPartsThatAreNotThere(String range) throws Exception {
        HttpResponse<byte[]> answer =
                send(request("/v2/local/app/blobs/" + blobDigest).header("Range", range));

        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes */5000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "lines=1-2", "bytes=x", "bytes=-", "bytes=99999999999999999999-"})
    void givesTheWholeForRangesItNeedNotUnderstand(String range) throws Exception {
        HttpResponse<byte[]> answer =
                send(request("/v2/local/app/blobs/" + blobDigest).header("Range", range));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(5000);
    }

    @Test
    void givesEmptyBlobs() throws Exception {
        store.put(Digest.sha256(""), new byte[0]);
        String path = "/v2/local/app/blobs/" + Digest.sha256("");

        assertThat(get(path).statusCode()).isEqualTo(200);
        assertThat(get(path).body()).isEmpty();
        assertThat(send(request(path).header("Range", "bytes=0-")).statusCode()).isEqualTo(416);
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/local/app/manifests/none, 404, MANIFEST_UNKNOWN",
        "/v2/none/manifests/1, 404, MANIFEST_UNKNOWN",
        "/v2/backends/slipway/manifests/0.1.0, 404, MANIFEST_UNKNOWN",
        "/v2/local/app/manifests/1?ns=registry.slipway.dev, 404, MANIFEST_UNKNOWN",
        "/v2/local/app/manifests/BLOB, 404, MANIFEST_UNKNOWN",
        "/v2/local/app/manifests/sha256:1234, 400, DIGEST_INVALID",
        "/v2/local/app/manifests/-bad, 400, MANIFEST_INVALID",
        "/v2/local/app/blobs/sha256:1234, 400, DIGEST_INVALID",
        "/v2/local/app/blobs/blake3:1234, 400, DIGEST_INVALID",
        "/v2/local/app/blobs/UNKNOWN, 404, BLOB_UNKNOWN",
        "/v2/local/none/tags/list, 404, NAME_UNKNOWN",
        "/v2/local/app/referrers/x, 400, DIGEST_INVALID",
        "/v2/UPPER/manifests/1, 400, NAME_INVALID",
        "/v2/a..b/manifests/1, 400, NAME_INVALID",
        "/v2/local/app/tags/list?n=x, 400, UNSUPPORTED",
        "/v2/local/app/blobs/uploads/7, 404, BLOB_UPLOAD_UNKNOWN",
        "/v2/_catalog, 404, NAME_UNKNOWN",
    })
    void saysWhatIsWrong(String path, int status, String code) throws Exception {
        String wanted = path.replace("BLOB", blobDigest.toString())
                .replace("UNKNOWN", Digest.sha256("unknown").toString());

        HttpResponse<byte[]> answer = get(wanted);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "Content-Type")).startsWith("application/json");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("{\"errors\":[{\"code\":\"" + code + "\",\"message\":");
        HttpResponse<byte[]> head = head(wanted);
        assertThat(head.statusCode()).isEqualTo(status);
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/..%2f..%2fetc/manifests/passwd",
                "/v2/a/../../etc/blobs/x",
                "/v2/%2e%2e/manifests/1",
                "/v2/a/manifests/..%2f..%2f1",
                "/v2/a/blobs/sha256:..%2f..%2fx",
                "/v2/%00/manifests/1",
                "/v2/a%0d%0aX:%20y/tags/list",
                "/v2/%zz/tags/list",
                "/v2//tags/list",
                "/v2/a/tags/list?ns=..%2f"
            })
    void givesNothingForHostileNames(String path) throws Exception {
        assertThat(rawStatus(path)).isBetween(400, 404);
    }

    private int rawStatus(String path) throws IOException {
        URI address = registry.address();
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }

    @Test
    void readsNamesFromTheRight() throws Exception {
        for (String name : List.of("blobs/manifests/tags", "a/blobs/uploads/b", "tags/list/x", "manifests")) {
            store.tag("localhost/" + name + ":1", image);
            assertThat(get("/v2/" + name + "/manifests/1").statusCode())
                    .as(name)
                    .isEqualTo(200);
            assertThat(get("/v2/" + name + "/blobs/" + blobDigest).statusCode())
                    .as(name)
                    .isEqualTo(200);
            assertThat(text(get("/v2/" + name + "/tags/list")))
                    .isEqualTo("{\"name\":\"" + name + "\",\"tags\":[\"1\"]}");
        }
    }

    @Test
    void listsTagsInPages() throws Exception {
        for (String tag : List.of("b", "a", "C", "10")) {
            store.tag("localhost/local/app:" + tag, image);
        }
        store.tag("localhost/local/apple:x", image);
        store.tag("localhost/local/app@" + image.digest(), image);

        assertThat(text(get("/v2/local/app/tags/list"))).contains("[\"1\",\"10\",\"C\",\"a\",\"b\"]");
        HttpResponse<byte[]> page = get("/v2/local/app/tags/list?n=2&last=1");
        assertThat(text(page)).contains("[\"10\",\"C\"]");
        assertThat(header(page, "Link")).isEqualTo("</v2/local/app/tags/list?n=2&last=C>; rel=\"next\"");
        HttpResponse<byte[]> end = get("/v2/local/app/tags/list?n=9&last=BBB");
        assertThat(text(end)).contains("[\"C\",\"a\",\"b\"]");
        assertThat(end.headers().firstValue("Link")).isEmpty();
        HttpResponse<byte[]> none = get("/v2/local/app/tags/list?n=0");
        assertThat(text(none)).contains("\"tags\":[]");
        assertThat(none.headers().firstValue("Link")).isEmpty();
        assertThat(text(get("/v2/backends/slipway/tags/list?ns=registry.slipway.dev")))
                .contains("[\"0.1.0\"]");
    }

    @Test
    void answersReferrersWithAnIndex() throws Exception {
        HttpResponse<byte[]> none = get("/v2/local/app/referrers/" + Digest.sha256("any"));
        assertThat(none.statusCode()).isEqualTo(200);
        assertThat(header(none, "Content-Type")).isEqualTo(MediaTypes.INDEX);
        assertThat(text(none))
                .isEqualTo("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.INDEX + "\",\"manifests\":[]}");

        byte[] signature = ("{\"schemaVersion\":2,\"artifactType\":\"test/signature\",\"config\":"
                        + "{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"digest\":\"" + Digest.sha256("{}")
                        + "\",\"size\":2},\"layers\":[],\"subject\":{\"mediaType\":\"" + MediaTypes.MANIFEST
                        + "\",\"digest\":\"" + image.digest() + "\",\"size\":" + image.size() + "}}")
                .getBytes(StandardCharsets.UTF_8);
        ImageManifest manifest = (ImageManifest) ManifestDocument.parse(signature, MediaTypes.MANIFEST);
        store.put(manifest.digest(), signature);
        store.tag("localhost/local/app:signed", manifest.descriptor());

        String found = text(get("/v2/local/app/referrers/" + image.digest()));
        HttpResponse<byte[]> filtered = get("/v2/local/app/referrers/" + image.digest() + "?artifactType=other");
        assertThat(found).contains(manifest.digest().toString()).contains("\"artifactType\":\"test/signature\"");
        assertThat(text(filtered)).contains("\"manifests\":[]");
        assertThat(header(filtered, "OCI-Filters-Applied")).isEqualTo("artifactType");
    }

    @Test
    void refusesToBeWrittenToOverAReadOnlyStore(@TempDir Path folder) throws Exception {
        Path layout = folder.resolve("layout");
        LayoutContentStore.open(layout).close();
        try (EphemeralRegistry readOnly = EphemeralRegistry.start(LayoutContentStore.openReadOnly(layout))) {
            HttpResponse<byte[]> answer =
                    send(HttpRequest.newBuilder(URI.create(readOnly.address() + "/v2/a/blobs/uploads/"))
                            .POST(BodyPublishers.ofString("x")));

            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(text(answer)).contains("UNSUPPORTED");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST|/v2/a/manifests/1|GET, HEAD, PUT, DELETE",
                "PUT|/v2/a/blobs/BLOB|GET, HEAD, DELETE",
                "DELETE|/v2/a/tags/list|GET, HEAD",
                "PATCH|/v2/a/blobs/uploads/|POST",
                "POST|/v2/|GET, HEAD",
            })
    void saysWhichMethodsAPathTakes(String method, String path, String allowed) throws Exception {
        HttpResponse<byte[]> answer =
                send(request(path.replace("BLOB", blobDigest.toString())).method(method, BodyPublishers.ofString("x")));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(text(answer)).contains("UNSUPPORTED");
        assertThat(header(answer, "Allow")).isEqualTo(allowed);
    }

    @Test
    void isGoneWhenClosed() {
        registry.close();
        assertThatThrownBy(() -> get("/v2/")).isInstanceOf(ConnectException.class);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(registry.address() + path));
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpResponse<byte[]> head(String path) throws Exception {
        return send(request(path).HEAD());
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("(none)");
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
