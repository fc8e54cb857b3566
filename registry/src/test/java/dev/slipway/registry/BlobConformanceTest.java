package dev.slipway.registry;

import static dev.slipway.registry.RawClient.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.registry.RawClient.Answer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 1, 2, 4 to 6, 10, 11, 13 and 14 of the distribution API: blobs and their uploads. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("dev.slipway.registry.RegistryKinds#all")
class BlobConformanceTest {
    private static final String REPOSITORY = "conformance/blobs";
    private static final String OTHER = "conformance/other";
    private static final String UPLOADS = "/v2/" + REPOSITORY + "/blobs/uploads/";
    private static final int CHUNK = 1500;

    @Parameter(0)
    String kind;

    @Parameter(1)
    String algorithm;

    @TempDir
    Path folder;

    private EphemeralRegistry registry;
    private RawClient client;
    private byte[] blob;
    private Digest digest;

    @BeforeEach
    void start() {
        registry = EphemeralRegistry.start(RegistryKinds.store(kind, folder));
        client = new RawClient(registry.address());
        blob = new byte[4096];
        new Random(11).nextBytes(blob);
        digest = RawClient.digest(algorithm, blob);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private String blobPath() {
        return "/v2/" + REPOSITORY + "/blobs/" + digest;
    }

    /** What every way to push must end in. */
    private void requireCreated(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.header("Docker-Content-Digest")).isEqualTo(digest.toString());
        assertThat(client.get(answer.header("Location")).body()).isEqualTo(blob);
        Answer head = client.head(blobPath());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(blob.length));
        assertThat(head.header("Docker-Content-Digest")).isEqualTo(digest.toString());
    }

    private byte[] part(int from, int to) {
        return Arrays.copyOfRange(blob, from, to);
    }

    @Test
    void answersThePing() {
        assertThat(client.get("/v2/").status()).isEqualTo(200);
        assertThat(client.head("/v2/").status()).isEqualTo(200);
    }

    @Test
    void doesNotKnowBlobsThatNobodyPushed() {
        assertThat(client.head(blobPath()).status()).isEqualTo(404);
        Answer answer = client.get(blobPath());
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("BLOB_UNKNOWN");
    }

    @Test
    void takesABlobInOnePost() {
        requireCreated(client.send("POST", UPLOADS + "?digest=" + digest, blob));
    }

    @Test
    void takesUploadsWithoutTheLastSlashAndWithEncodedColons() {
        String encoded = digest.toString().replace(":", "%3A");
        requireCreated(client.send("POST", "/v2/" + REPOSITORY + "/blobs/uploads?digest=" + encoded, blob));
        assertThat(client.get("/v2/" + REPOSITORY + "/blobs/" + encoded).body()).isEqualTo(blob);
    }

    @Test
    void takesABlobInPostAndPut() {
        requireCreated(client.send("PUT", with(client.begin(REPOSITORY), "digest=" + digest), blob));
    }

    @Test
    void ignoresTheContentTypeOfBlobs() {
        requireCreated(client.send(
                "PUT",
                with(client.begin(REPOSITORY), "digest=" + digest),
                blob,
                "Content-Type",
                "application/x-www-form-urlencoded"));
    }

    @Test
    void takesAHintOfTheAlgorithmAndRefusesUnknownOnes() {
        Answer answer = client.send("POST", UPLOADS + "?digest-algorithm=" + algorithm);
        assertThat(answer.status()).isEqualTo(202);
        requireCreated(client.send("PUT", with(answer.header("Location"), "digest=" + digest), blob));
        assertThat(client.send("POST", UPLOADS + "?digest-algorithm=md5").status())
                .isEqualTo(400);
    }

    @Test
    void takesOneChunkAndAnEmptyEnd() {
        Answer patched = chunk(client.begin(REPOSITORY), 0, blob.length);
        assertThat(patched.status()).isEqualTo(202);
        assertThat(patched.header("Range")).isEqualTo("0-4095");
        requireCreated(client.send("PUT", with(patched.header("Location"), "digest=" + digest)));
    }

    @Test
    void takesManyChunks() {
        String location = client.begin(REPOSITORY);
        for (int at = 0; at < blob.length; at += CHUNK) {
            int end = Math.min(at + CHUNK, blob.length);
            Answer patched = chunk(location, at, end);
            assertThat(patched.status()).isEqualTo(202);
            assertThat(patched.header("Range")).isEqualTo("0-" + (end - 1));
            location = patched.header("Location");
        }
        requireCreated(client.send("PUT", with(location, "digest=" + digest)));
    }

    @Test
    void takesTheLastChunkWithTheEnd() {
        String location = chunk(client.begin(REPOSITORY), 0, CHUNK).header("Location");
        requireCreated(client.send(
                "PUT",
                with(location, "digest=" + digest),
                part(CHUNK, blob.length),
                "Content-Range",
                CHUNK + "-" + (blob.length - 1)));
    }

    @Test
    void takesEverythingAgainWithTheEnd() {
        String location = chunk(client.begin(REPOSITORY), 0, CHUNK).header("Location");
        requireCreated(client.send("PUT", with(location, "digest=" + digest), blob));
    }

    @Test
    void takesAStreamOfUnknownLength() {
        Answer streamed = client.send(
                "PATCH",
                client.begin(REPOSITORY),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(blob)),
                "Content-Type",
                "application/octet-stream");
        assertThat(streamed.status()).isEqualTo(202);
        requireCreated(client.send("PUT", with(streamed.header("Location"), "digest=" + digest)));
    }

    @Test
    void refusesChunksOutOfOrderAndGoesOn() {
        String location = client.begin(REPOSITORY);
        assertThat(chunk(location, CHUNK, 2 * CHUNK).status()).isEqualTo(416);
        location = chunk(location, 0, CHUNK).header("Location");
        assertThat(chunk(location, 2 * CHUNK, blob.length).status()).isEqualTo(416);
        assertThat(chunk(location, 0, CHUNK).status()).isEqualTo(416);

        Answer status = client.get(location);
        assertThat(status.status()).isEqualTo(204);
        assertThat(status.header("Range")).isEqualTo("0-" + (CHUNK - 1));
        Answer rest = chunk(status.header("Location"), CHUNK, blob.length);
        assertThat(rest.status()).isEqualTo(202);
        Answer wrongEnd =
                client.send("PUT", with(location, "digest=" + digest), new byte[] {1}, "Content-Range", "0-0");
        assertThat(wrongEnd.status()).isEqualTo(416);
        requireCreated(client.send("PUT", with(rest.header("Location"), "digest=" + digest)));
    }

    @Test
    void refusesChunksThatAreNotAsLongAsTheySay() {
        String location = client.begin(REPOSITORY);
        Answer answer = client.send("PATCH", location, part(0, 10), "Content-Range", "0-19");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("SIZE_INVALID");
        assertThat(client.send("PATCH", location, part(0, 10), "Content-Range", "ten")
                        .status())
                .isEqualTo(400);
        requireCreated(client.send("PUT", with(location, "digest=" + digest), blob));
    }

    private Answer chunk(String location, int from, int to) {
        return client.send("PATCH", location, part(from, to), "Content-Range", from + "-" + (to - 1));
    }

    @Test
    void refusesBytesThatDoNotMatchTheDigestInEveryForm() {
        byte[] wrong = part(1, blob.length);
        assertWrong(client.send("POST", UPLOADS + "?digest=" + digest, wrong));
        assertWrong(client.send("PUT", with(client.begin(REPOSITORY), "digest=" + digest), wrong));
        String patched = client.send("PATCH", client.begin(REPOSITORY), wrong).header("Location");
        assertWrong(client.send("PUT", with(patched, "digest=" + digest)));
        String mixed = client.send("PATCH", client.begin(REPOSITORY), wrong).header("Location");
        assertWrong(client.send("PUT", with(mixed, "digest=" + digest), part(0, 7)));
        assertThat(client.head(blobPath()).status()).isEqualTo(404);
    }

    private static void assertWrong(Answer answer) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("DIGEST_INVALID");
    }

    @Test
    void refusesDigestsThatAreNone() {
        for (String bad : new String[] {"x", "sha256:123", algorithm + ":" + "g".repeat(64), "blake3:00", ""}) {
            assertThat(client.send("POST", UPLOADS + "?digest=" + bad, blob).status())
                    .as(bad)
                    .isEqualTo(400);
            assertThat(client.send("PUT", with(client.begin(REPOSITORY), "digest=" + bad), blob)
                            .status())
                    .as(bad)
                    .isEqualTo(400);
        }
        assertThat(client.send("PUT", client.begin(REPOSITORY), blob).status()).isEqualTo(400);
        assertThat(client.get("/v2/" + REPOSITORY + "/blobs/sha256:123").status())
                .isEqualTo(400);
    }

    @Test
    void takesTheEmptyBlobAndTheEmptyObject() {
        for (String content : new String[] {"", "{}"}) {
            byte[] bytes = Documents.bytes(content);
            Digest small = RawClient.digest(algorithm, bytes);
            client.pushBlob(REPOSITORY, small, bytes);
            Answer answer = client.get("/v2/" + REPOSITORY + "/blobs/" + small);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo(content);
            assertThat(client.send("POST", UPLOADS + "?digest=" + small, bytes).status())
                    .isEqualTo(201);
        }
    }

    @Test
    void mountsFromAnotherRepositoryOrFromAny() {
        client.pushBlob(OTHER, digest, blob);
        requireCreated(client.send("POST", UPLOADS + "?mount=" + digest + "&from=" + OTHER));
        requireCreated(client.send("POST", "/v2/conformance/third/blobs/uploads/?mount=" + digest));
    }

    @Test
    void beginsAnUploadWhenItCannotMount() {
        Answer answer = client.send("POST", UPLOADS + "?mount=" + digest + "&from=" + OTHER);
        assertThat(answer.status()).isEqualTo(202);
        requireCreated(client.send("PUT", with(answer.header("Location"), "digest=" + digest), blob));
        assertThat(client.send("POST", UPLOADS + "?mount=" + RawClient.digest(algorithm, new byte[] {9}))
                        .status())
                .isEqualTo(202);
        assertThat(client.send("POST", UPLOADS + "?mount=nothing&from=" + OTHER).status())
                .isEqualTo(400);
    }

    @Test
    void cancelsUploads() {
        String location = chunk(client.begin(REPOSITORY), 0, CHUNK).header("Location");
        assertThat(client.send("DELETE", location).status()).isEqualTo(204);
        for (String method : new String[] {"GET", "DELETE", "PATCH", "PUT"}) {
            Answer answer = client.send(method, with(location, "digest=" + digest), new byte[0]);
            assertThat(answer.status()).as(method).isEqualTo(404);
            assertThat(answer.text()).contains("BLOB_UPLOAD_UNKNOWN");
        }
    }

    @Test
    void keepsUploadsToTheirRepository() {
        String elsewhere = client.begin(REPOSITORY).replace(REPOSITORY, OTHER);
        assertThat(client.get(elsewhere).status()).isEqualTo(404);
    }

    @Test
    void forgetsAnUploadThatEnded() {
        String location = client.begin(REPOSITORY);
        requireCreated(client.send("PUT", with(location, "digest=" + digest), blob));
        assertThat(client.get(location).status()).isEqualTo(404);
    }

    @Test
    void keepsTheNamespaceInAddresses() {
        Answer begun = client.send("POST", UPLOADS + "?ns=registry.example");
        assertThat(begun.header("Location")).endsWith("?ns=registry.example");
        assertThat(begun.header("OCI-Namespace")).isEqualTo("registry.example");
        requireCreated(client.send("PUT", with(begun.header("Location"), "digest=" + digest), blob));
    }

    @Test
    void deletesBlobsInOneRepositoryAndTakesThemAgain() {
        client.pushBlob(REPOSITORY, digest, blob);
        client.send("POST", "/v2/" + OTHER + "/blobs/uploads/?mount=" + digest + "&from=" + REPOSITORY);

        assertThat(client.send("DELETE", blobPath()).status()).isEqualTo(202);

        assertThat(client.head(blobPath()).status()).isEqualTo(404);
        assertThat(client.get(blobPath()).status()).isEqualTo(404);
        assertThat(client.send("DELETE", blobPath()).status()).isEqualTo(404);
        assertThat(client.head("/v2/" + OTHER + "/blobs/" + digest).status()).isEqualTo(200);
        assertThat(client.send("POST", "/v2/" + OTHER + "/blobs/uploads/?mount=" + digest + "&from=" + REPOSITORY)
                        .status())
                .isEqualTo(202);
        requireCreated(client.send("POST", UPLOADS + "?digest=" + digest, blob));
    }

    @Test
    void givesRanges() {
        client.pushBlob(REPOSITORY, digest, blob);
        requireRange("bytes=5-20", 5, 21);
        requireRange("bytes=4000-", 4000, 4096);
        requireRange("bytes=-30", 4066, 4096);
        requireRange("bytes=4090-9000", 4090, 4096);
        for (String outside : new String[] {"bytes=500-0", "bytes=4096-", "bytes=5000-6000"}) {
            Answer answer = client.get(blobPath(), "Range", outside);
            assertThat(answer.status()).as(outside).isEqualTo(416);
            assertThat(answer.header("Content-Range")).isEqualTo("bytes */4096");
        }
    }

    private void requireRange(String range, int from, int to) {
        Answer answer = client.get(blobPath(), "Range", range);
        assertThat(answer.status()).as(range).isEqualTo(206);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes " + from + "-" + (to - 1) + "/4096");
        assertThat(answer.body()).isEqualTo(part(from, to));
    }
}
