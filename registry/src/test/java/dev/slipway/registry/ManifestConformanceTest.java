package dev.slipway.registry;

import static dev.slipway.registry.Documents.CONFIG;
import static dev.slipway.registry.Documents.LAYER;
import static dev.slipway.registry.Documents.bytes;
import static dev.slipway.registry.Documents.descriptor;
import static dev.slipway.registry.Documents.index;
import static dev.slipway.registry.Documents.manifest;
import static dev.slipway.registry.RawClient.INDEX;
import static dev.slipway.registry.RawClient.MANIFEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.registry.RawClient.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 3 and 7 to 9 of the distribution API: manifests, tags, deletes. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("dev.slipway.registry.RegistryKinds#all")
class ManifestConformanceTest {
    private static final String REPOSITORY = "conformance/manifests";
    private static final String BASE = "/v2/" + REPOSITORY + "/manifests/";
    private static final String TAGS = "/v2/" + REPOSITORY + "/tags/list";

    @Parameter(0)
    String kind;

    @Parameter(1)
    String algorithm;

    @TempDir
    Path folder;

    private EphemeralRegistry registry;
    private RawClient client;
    private String config;
    private String layer;

    @BeforeEach
    void start() {
        registry = EphemeralRegistry.start(RegistryKinds.store(kind, folder));
        client = new RawClient(registry.address());
        config = blob(CONFIG, "{\"architecture\":\"amd64\",\"os\":\"linux\"}");
        layer = blob(LAYER, "a layer");
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private String blob(String mediaType, String content) {
        Digest digest = digest(bytes(content));
        client.pushBlob(REPOSITORY, digest, bytes(content));
        return descriptor(mediaType, digest, bytes(content).length);
    }

    private Digest digest(byte[] bytes) {
        return RawClient.digest(algorithm, bytes);
    }

    /** Pushes by digest and by tag, and reads all of it back. Returns the answer to the push by digest. */
    private Answer roundTrip(String mediaType, byte[] document) {
        Digest digest = digest(document);
        Answer pushed = client.pushManifest(REPOSITORY, digest.toString(), mediaType, document);
        assertThat(pushed.status()).as(pushed.text()).isEqualTo(201);
        assertThat(pushed.header("Docker-Content-Digest")).isEqualTo(digest.toString());
        requireDocument(client.get(pushed.header("Location")), mediaType, digest, document);
        requireDocument(client.get(BASE + digest), mediaType, digest, document);
        Answer tagged = client.pushManifest(REPOSITORY, "tag", mediaType, document);
        assertThat(tagged.status()).isEqualTo(201);
        Digest canonical = RawClient.digest("sha256", document);
        assertThat(tagged.header("Docker-Content-Digest")).isEqualTo(canonical.toString());
        requireDocument(client.get(BASE + "tag"), mediaType, canonical, document);
        Answer head = client.head(BASE + "tag");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(document.length));
        assertThat(head.header("Content-Type")).isEqualTo(mediaType);
        assertThat(head.header("Docker-Content-Digest")).isEqualTo(canonical.toString());
        return pushed;
    }

    private static void requireDocument(Answer answer, String mediaType, Digest digest, byte[] document) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(document);
        assertThat(answer.header("Content-Type")).isEqualTo(mediaType);
        assertThat(answer.header("Docker-Content-Digest")).isEqualTo(digest.toString());
        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(document.length));
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }

    @Test
    void keepsImages() {
        roundTrip(MANIFEST, manifest(config, List.of(layer, layer), ""));
    }

    @Test
    void keepsImagesOfUncompressedLayers() {
        String plain = blob("application/vnd.oci.image.layer.v1.tar", "plain");
        roundTrip(MANIFEST, manifest(config, List.of(plain), ""));
    }

    @Test
    void keepsImagesWithoutLayers() {
        roundTrip(MANIFEST, manifest(config, List.of(), ""));
    }

    @Test
    void keepsLargeManifests() {
        String note = "x".repeat(1000);
        List<String> notes = IntStream.range(0, 4000)
                .mapToObj(i -> "\"note" + i + "\":\"" + note + "\"")
                .toList();
        byte[] large = manifest(config, List.of(layer), ",\"annotations\":{" + String.join(",", notes) + "}");
        assertThat(large.length).isBetween(3_900_000, 4 << 20);
        roundTrip(MANIFEST, large);
        byte[] full = Arrays.copyOf(large, 4 << 20);
        Arrays.fill(full, large.length, full.length, (byte) ' ');
        roundTrip(MANIFEST, full);
    }

    @Test
    void refusesManifestsThatAreTooLarge() {
        byte[] huge = bytes(" ".repeat((4 << 20) + 1));
        Answer answer = client.pushManifest(REPOSITORY, "tag", MANIFEST, huge);
        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void keepsIndexesNestedOnesAndEmptyOnes() {
        byte[] image = manifest(config, List.of(layer), "");
        roundTrip(MANIFEST, image);
        String platform = ",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}";
        byte[] inner = index(List.of(descriptor(MANIFEST, digest(image), image.length, platform)), "");
        roundTrip(INDEX, inner);
        roundTrip(INDEX, index(List.of(descriptor(INDEX, digest(inner), inner.length)), ""));
        roundTrip(INDEX, index(List.of(), ""));
    }

    @Test
    void keepsSparseIndexes() {
        byte[] absent = bytes("not here");
        roundTrip(INDEX, index(List.of(descriptor(MANIFEST, digest(absent), absent.length)), ""));
    }

    @Test
    void keepsArtifactsAndWhatIsInDescriptors() {
        String empty = blob(Documents.EMPTY, "{}");
        roundTrip(MANIFEST, manifest(empty, List.of(empty), ",\"artifactType\":\"test/one\""));
        roundTrip(MANIFEST, manifest(empty, List.of(), ",\"artifactType\":\"test/two\""));
        roundTrip(INDEX, index(List.of(), ",\"artifactType\":\"test/three\""));
        String withData = descriptor(Documents.EMPTY, digest(bytes("{}")), 2, ",\"data\":\"e30=\"");
        roundTrip(MANIFEST, manifest(withData, List.of(withData), ",\"artifactType\":\"test/four\""));
    }

    @Test
    void keepsCustomFieldsAndBytesAsTheyAre() {
        roundTrip(MANIFEST, bytes(" " + text(manifest(config, List.of(layer), ",\n \"org.example\": {\"a\":[1.5]}"))));
    }

    @Test
    void keepsDockerManifests() {
        String mediaType = "application/vnd.docker.distribution.manifest.v2+json";
        String document = text(manifest(config, List.of(layer), "")).replace(MANIFEST, mediaType);
        roundTrip(mediaType, bytes(document));
    }

    @Test
    void takesTheMediaTypeFromTheRequestWhenTheDocumentHasNone() {
        String document = text(manifest(config, List.of(layer), "")).replace("\"mediaType\":\"" + MANIFEST + "\",", "");
        roundTrip(MANIFEST, bytes(document));
    }

    @Test
    void doesNotAskForLayersThatLieElsewhere() {
        Digest elsewhere = digest(bytes("elsewhere"));
        String foreign = descriptor("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", elsewhere, 9);
        String docker = descriptor("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", elsewhere, 9);
        roundTrip(MANIFEST, manifest(config, List.of(layer, foreign, docker), ""));
    }

    @Test
    void refusesManifestsWhoseBlobsAreMissing() {
        String missing = descriptor(LAYER, digest(bytes("missing")), 7);
        for (byte[] document :
                List.of(manifest(config, List.of(layer, missing), ""), manifest(missing, List.of(layer), ""))) {
            Answer answer = client.pushManifest(REPOSITORY, "tag", MANIFEST, document);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text()).contains("MANIFEST_BLOB_UNKNOWN");
        }
        Answer wrongSize = client.pushManifest(
                REPOSITORY,
                "tag",
                MANIFEST,
                manifest(config, List.of(descriptor(LAYER, digest(bytes("a layer")), 8)), ""));
        assertThat(wrongSize.status()).isEqualTo(400);
        assertThat(client.head(BASE + "tag").status()).isEqualTo(404);
    }

    @Test
    void refusesWhatIsNoManifest() {
        for (String text : List.of("", "{", "[]", "null", "{\"schemaVersion\":2}", "{\"layers\":7,\"config\":{}}")) {
            Answer answer = client.pushManifest(REPOSITORY, "tag", MANIFEST, bytes(text));
            assertThat(answer.status()).as(text).isEqualTo(400);
            assertThat(answer.text()).contains("MANIFEST_INVALID");
        }
        byte[] image = manifest(config, List.of(layer), "");
        assertThat(client.pushManifest(REPOSITORY, "tag", INDEX, image).status())
                .isEqualTo(400);
        assertThat(client.pushManifest(REPOSITORY, "tag", "text/plain", bytes("hello"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void refusesBytesThatDoNotMatchTheDigest() {
        byte[] image = manifest(config, List.of(layer), "");
        Answer answer = client.pushManifest(REPOSITORY, digest(bytes("other")).toString(), MANIFEST, image);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("DIGEST_INVALID");
        assertThat(client.pushManifest(REPOSITORY, "sha256:12", MANIFEST, image).status())
                .isEqualTo(400);
        assertThat(client.get(BASE + "sha256:12").status()).isEqualTo(400);
        assertThat(client.get(BASE + digest(image)).status()).isEqualTo(404);
        assertThat(client.get(BASE + "none").status()).isEqualTo(404);
    }

    @Test
    void setsTagsWithTheManifest() {
        byte[] image = manifest(config, List.of(layer), "");
        List<String> tags =
                IntStream.range(0, 12).mapToObj(i -> "t" + i).sorted().toList();
        Answer answer =
                client.pushManifest(REPOSITORY, digest(image) + "?tag=" + String.join("&tag=", tags), MANIFEST, image);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.response().headers().allValues("OCI-Tag")).containsExactlyInAnyOrderElementsOf(tags);
        assertThat(client.head(BASE + "t7").header("Docker-Content-Digest"))
                .isEqualTo(digest(image).toString());
        assertThat(client.get(TAGS).text()).contains("[\"" + String.join("\",\"", tags) + "\"]");

        String many = String.join(
                "&tag=", IntStream.range(0, 101).mapToObj(i -> "m" + i).toList());
        assertThat(client.pushManifest(REPOSITORY, digest(image) + "?tag=" + many, MANIFEST, image)
                        .status())
                .isEqualTo(414);
        assertThat(client.pushManifest(REPOSITORY, digest(image) + "?tag=-bad", MANIFEST, image)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void listsTagsInOrderAndInPages() {
        assertThat(client.get(TAGS).status()).isEqualTo(404);
        byte[] image = manifest(config, List.of(layer), "");
        for (String tag : List.of("v2", "V1", "a", "10", "_x")) {
            client.pushManifest(REPOSITORY, tag, MANIFEST, image);
        }
        assertThat(client.get(TAGS).text())
                .isEqualTo("{\"name\":\"" + REPOSITORY + "\",\"tags\":[\"10\",\"V1\",\"_x\",\"a\",\"v2\"]}");
        Answer page = client.get(TAGS + "?n=2");
        assertThat(page.text()).contains("[\"10\",\"V1\"]");
        assertThat(page.header("Link")).endsWith(">; rel=\"next\"");
        String next = page.header("Link").substring(1, page.header("Link").indexOf('>'));
        assertThat(client.get(next).text()).contains("[\"_x\",\"a\"]");
        assertThat(client.get(TAGS + "?n=2&last=between").text()).contains("[\"v2\"]");
        assertThat(client.get(TAGS + "?last=v2").text()).contains("\"tags\":[]");
        Answer none = client.get(TAGS + "?n=0");
        assertThat(none.text()).contains("\"tags\":[]");
        assertThat(none.header("Link")).isEmpty();
    }

    @Test
    void movesTags() {
        byte[] first = manifest(config, List.of(layer), "");
        byte[] second = manifest(config, List.of(), "");
        client.pushManifest(REPOSITORY, "tag", MANIFEST, first);
        client.pushManifest(REPOSITORY, "tag", MANIFEST, second);
        assertThat(client.get(BASE + "tag").body()).isEqualTo(second);
        assertThat(client.get(BASE + RawClient.digest("sha256", first)).body()).isEqualTo(first);
    }

    @Test
    void deletesATagAlone() {
        byte[] image = manifest(config, List.of(layer), "");
        client.pushManifest(REPOSITORY, digest(image) + "?tag=a&tag=b", MANIFEST, image);

        assertThat(client.send("DELETE", BASE + "a").status()).isEqualTo(202);

        assertThat(client.head(BASE + "a").status()).isEqualTo(404);
        assertThat(client.send("DELETE", BASE + "a").status()).isEqualTo(404);
        assertThat(client.head(BASE + "b").status()).isEqualTo(200);
        assertThat(client.head(BASE + digest(image)).status()).isEqualTo(200);
        assertThat(client.get(TAGS).text()).contains("[\"b\"]");
    }

    @Test
    void deletesAManifestWithAllItsTagsAndTakesItAgain() {
        byte[] image = manifest(config, List.of(layer), "");
        byte[] other = manifest(config, List.of(), "");
        client.pushManifest(REPOSITORY, digest(image) + "?tag=a&tag=b", MANIFEST, image);
        client.pushManifest(REPOSITORY, "c", MANIFEST, other);

        assertThat(client.send("DELETE", BASE + digest(image)).status()).isEqualTo(202);

        for (String target : List.of("a", "b", digest(image).toString())) {
            assertThat(client.head(BASE + target).status()).as(target).isEqualTo(404);
            assertThat(client.get(BASE + target).status()).as(target).isEqualTo(404);
        }
        assertThat(client.send("DELETE", BASE + digest(image)).status()).isEqualTo(404);
        assertThat(client.get(TAGS).text()).contains("[\"c\"]");
        roundTrip(MANIFEST, image);
    }

    @Test
    void refusesImagesWhoseBlobsWereDeleted() {
        Digest gone = digest(bytes("a layer"));
        assertThat(client.send("DELETE", "/v2/" + REPOSITORY + "/blobs/" + gone).status())
                .isEqualTo(202);
        Answer answer = client.pushManifest(REPOSITORY, "tag", MANIFEST, manifest(config, List.of(layer), ""));
        assertThat(answer.status()).isEqualTo(404);
    }
}
