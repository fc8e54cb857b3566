package dev.slipway.registry;

import static dev.slipway.registry.Documents.CONFIG;
import static dev.slipway.registry.Documents.bytes;
import static dev.slipway.registry.Documents.descriptor;
import static dev.slipway.registry.Documents.index;
import static dev.slipway.registry.Documents.manifest;
import static dev.slipway.registry.RawClient.INDEX;
import static dev.slipway.registry.RawClient.MANIFEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.registry.RawClient.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 12 of the distribution API: what refers to a manifest. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("dev.slipway.registry.RegistryKinds#all")
class ReferrersConformanceTest {
    private static final String REPOSITORY = "conformance/referrers";
    private static final String BASE = "/v2/" + REPOSITORY + "/";
    private static final Pattern DIGEST = Pattern.compile("\"digest\":\"(sha[0-9]+:[0-9a-f]+)\"");

    @Parameter(0)
    String kind;

    @Parameter(1)
    String algorithm;

    @TempDir
    Path folder;

    private EphemeralRegistry registry;
    private RawClient client;
    private String config;
    private byte[] image;
    private String subject;

    @BeforeEach
    void start() {
        registry = EphemeralRegistry.start(RegistryKinds.store(kind, folder));
        client = new RawClient(registry.address());
        byte[] content = bytes("{}");
        client.pushBlob(REPOSITORY, digest(content), content);
        config = descriptor(CONFIG, digest(content), content.length);
        image = manifest(config, List.of(), "");
        client.pushManifest(REPOSITORY, digest(image).toString(), MANIFEST, image);
        subject = ",\"subject\":" + descriptor(MANIFEST, digest(image), image.length);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private Digest digest(byte[] bytes) {
        return RawClient.digest(algorithm, bytes);
    }

    private Answer push(String mediaType, byte[] document) {
        Answer answer = client.pushManifest(REPOSITORY, digest(document).toString(), mediaType, document);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private Answer referrers(String query) {
        Answer answer = client.get(BASE + "referrers/" + digest(image) + query);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(INDEX);
        assertThat(answer.text()).startsWith("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[");
        return answer;
    }

    private static TreeSet<String> digests(Answer answer) {
        TreeSet<String> found = new TreeSet<>();
        Matcher matcher = DIGEST.matcher(answer.text());
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void answersWithAnEmptyIndexWhenNothingRefers() {
        assertThat(digests(referrers(""))).isEmpty();
        Answer unknown = client.get("/v2/nobody/knows/referrers/" + digest(bytes("nothing")));
        assertThat(unknown.status()).isEqualTo(200);
        assertThat(unknown.text()).contains("\"manifests\":[]");
        assertThat(client.get(BASE + "referrers/sha256:12").status()).isEqualTo(400);
        assertThat(client.get(BASE + "referrers/tag").status()).isEqualTo(400);
    }

    @Test
    void saysWhoseReferrerWasPushed() {
        Answer answer = push(MANIFEST, manifest(config, List.of(), subject));
        assertThat(answer.header("OCI-Subject")).isEqualTo(digest(image).toString());
        assertThat(push(MANIFEST, manifest(config, List.of(), ",\"a\":1")).header("OCI-Subject"))
                .isEmpty();
    }

    @Test
    void takesReferrersOfWhatIsMissing() {
        Digest missing = digest(bytes("missing"));
        byte[] referrer = manifest(config, List.of(), ",\"subject\":" + descriptor(MANIFEST, missing, 7));
        assertThat(push(MANIFEST, referrer).header("OCI-Subject")).isEqualTo(missing.toString());
        assertThat(digests(client.get(BASE + "referrers/" + missing)))
                .containsExactly(digest(referrer).toString());
    }

    @Test
    void describesReferrersByTheirTypeAndAnnotations() {
        byte[] artifact =
                manifest(config, List.of(), ",\"artifactType\":\"test/one\",\"annotations\":{\"k\":\"v\"}" + subject);
        byte[] byConfig = manifest(config, List.of(), subject);
        byte[] untyped = index(List.of(), subject);
        byte[] typed = index(List.of(), ",\"artifactType\":\"test/two\"" + subject);
        push(MANIFEST, artifact);
        push(MANIFEST, byConfig);
        push(INDEX, untyped);
        push(INDEX, typed);

        String list = referrers("").text();

        assertThat(list)
                .contains(
                        descriptor(MANIFEST, digest(artifact), artifact.length).replaceFirst("}$", "")
                                + ",\"artifactType\":\"test/one\",\"annotations\":{\"k\":\"v\"}}")
                .contains(descriptor(MANIFEST, digest(byConfig), byConfig.length)
                                .replaceFirst("}$", "") + ",\"artifactType\":\"" + CONFIG + "\"}")
                .contains(descriptor(INDEX, digest(untyped), untyped.length))
                .contains(descriptor(INDEX, digest(typed), typed.length).replaceFirst("}$", "")
                        + ",\"artifactType\":\"test/two\"}");
    }

    @Test
    void filtersByArtifactType() {
        byte[] one = manifest(config, List.of(), ",\"artifactType\":\"test/one\"" + subject);
        byte[] two = manifest(config, List.of(), ",\"artifactType\":\"test/two\"" + subject);
        push(MANIFEST, one);
        push(MANIFEST, two);

        Answer filtered = referrers("?artifactType=test/two");

        assertThat(digests(filtered)).containsExactly(digest(two).toString());
        assertThat(filtered.header("OCI-Filters-Applied")).isEqualTo("artifactType");
        assertThat(digests(referrers("?artifactType=none"))).isEmpty();
        assertThat(referrers("").header("OCI-Filters-Applied")).isEmpty();
    }

    @Test
    void listsInPages() {
        TreeSet<String> all = new TreeSet<>();
        for (int i = 0; i < 7; i++) {
            byte[] referrer = manifest(config, List.of(), ",\"artifactType\":\"test/one\",\"n\":" + i + subject);
            push(MANIFEST, referrer);
            all.add(digest(referrer).toString());
        }
        TreeSet<String> seen = new TreeSet<>();
        Answer page = referrers("?n=3&artifactType=test/one");
        int pages = 1;
        seen.addAll(digests(page));
        while (!page.header("Link").isEmpty()) {
            page = client.get(
                    page.header("Link").substring(1, page.header("Link").indexOf('>')));
            assertThat(digests(page)).hasSizeLessThanOrEqualTo(3);
            seen.addAll(digests(page));
            pages++;
        }
        assertThat(seen).isEqualTo(all);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void forgetsDeletedReferrersAndThoseOfOtherRepositories() {
        byte[] referrer = manifest(config, List.of(), subject);
        push(MANIFEST, referrer);
        assertThat(digests(client.get("/v2/other/referrers/" + digest(image)))).isEmpty();
        assertThat(client.send("DELETE", BASE + "manifests/" + digest(referrer)).status())
                .isEqualTo(202);
        assertThat(digests(referrers(""))).isEmpty();
    }

    @Test
    void outlivesItsSubject() {
        byte[] referrer = manifest(config, List.of(), subject);
        push(MANIFEST, referrer);
        client.send("DELETE", BASE + "manifests/" + digest(image));
        assertThat(digests(referrers(""))).containsExactly(digest(referrer).toString());
    }

    @Test
    void includesWhatClientsListedUnderTheOldTag() {
        byte[] referrer = manifest(config, List.of(), subject);
        // As another program's layout holds it: the blob is here, and nothing but the old tag leads to it.
        registry.store().put(digest(referrer), referrer);
        byte[] list = index(List.of(descriptor(MANIFEST, digest(referrer), referrer.length)), "");
        String hex = digest(image).hex();
        String tag = algorithm + "-" + hex.substring(0, Math.min(64, hex.length()));
        client.pushManifest(REPOSITORY, tag, INDEX, list);

        assertThat(digests(referrers(""))).containsExactly(digest(referrer).toString());
    }
}
