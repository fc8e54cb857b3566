package dev.slipway.oci.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transfer.CopyOptions;
import dev.slipway.oci.transfer.PullOptions;
import dev.slipway.oci.transfer.PulledImage;
import dev.slipway.oci.transfer.Puller;
import dev.slipway.oci.transfer.Pusher;
import dev.slipway.oci.transport.auth.Credential;
import dev.slipway.oci.transport.auth.Credentials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our client against a registry that others wrote, with what other clients push there and pull from there. */
@Timeout(180)
class DockerRegistryTest {
    private static final Cancellation NEVER = Cancellation.never();
    private static final String CREDENTIALS = DockerRegistry.USER + ":" + DockerRegistry.PASSWORD;

    @TempDir
    Path folder;

    private final MemoryContentStore store = new MemoryContentStore();
    private final ImageReference built = ImageReference.parse("example.org/built:1");
    private Descriptor image;

    @BeforeEach
    void build() throws Exception {
        assumeTrue(DockerRegistry.isInstalled("docker-registry"), "docker-registry is not installed");
        image = image("amd64");
        store.tag(built.toString(), image);
    }

    private Descriptor image(String architecture) {
        byte[] noise = new byte[3 << 20];
        new Random(architecture.hashCode()).nextBytes(noise);
        return ImageBuilder.forPlatform(Platform.linux(architecture))
                .layer(new LayerBuilder().file(noise, "usr/share/noise", false))
                .layer(new LayerBuilder().file("hello\n".getBytes(StandardCharsets.UTF_8), "etc/greeting", false))
                .build(store);
    }

    private static Registries registries(DockerRegistry registry, RegistrySettings settings, String password) {
        Credentials credentials = Credentials.only(
                registry.host(), new Credential.Password(DockerRegistry.USER, password), Credentials.NONE);
        return Registries.create(FetchOptions.defaults(), settings, credentials);
    }

    private static Registries registries(DockerRegistry registry) {
        return registries(registry, RegistrySettings.NONE, DockerRegistry.PASSWORD);
    }

    private CopiedImage push(Registries registries, DockerRegistry registry, String target, CopyOptions options) {
        ImageReference reference = ImageReference.parse(registry.host() + "/" + target);
        return new Pusher(registries, Retry.DEFAULT)
                .push(built, reference, options, store, ProgressListener.NONE, NEVER);
    }

    private CopiedImage push(Registries registries, DockerRegistry registry, String target) {
        return push(registries, registry, target, CopyOptions.defaults().withPlatform(Platform.linux("amd64")));
    }

    private PulledImage pull(Registries registries, DockerRegistry registry, String target) {
        return new Puller(registries, Retry.DEFAULT)
                .pull(
                        ImageReference.parse(registry.host() + "/" + target),
                        PullOptions.defaults().withPlatform(Platform.linux("amd64")),
                        DiskContentStore.open(folder.resolve("content")),
                        ProgressListener.NONE,
                        NEVER);
    }

    @Test
    void pushesAndPullsWithAPassword() throws Exception {
        try (DockerRegistry registry = DockerRegistry.start(folder.resolve("registry"), true, false);
                Registries ours = registries(registry);
                Registries wrong = registries(registry, RegistrySettings.NONE, "wrong");
                Registries anonymous =
                        Registries.create(FetchOptions.defaults(), RegistrySettings.NONE, Credentials.NONE)) {
            assertThatThrownBy(() -> push(anonymous, registry, "a/b:1")).hasMessageContaining("answered 401");
            assertThatThrownBy(() -> push(wrong, registry, "a/b:1"))
                    .hasMessageContaining("answered 401")
                    .hasMessageNotContaining("wrong");

            assertThat(push(ours, registry, "a/b:1").blobsCopied()).isEqualTo(3);
            assertThat(push(ours, registry, "a/b:2").bytesCopied()).isZero();

            assertThat(pull(ours, registry, "a/b:2").manifestDigest()).isEqualTo(image.digest());
            assertThatThrownBy(() -> pull(ours, registry, "a/b:none")).hasMessageContaining("answered 404");
        }
    }

    @Test
    void takesBlobsOverFromAnotherRepository() throws Exception {
        try (DockerRegistry registry = DockerRegistry.start(folder.resolve("registry"), true, false);
                Registries ours = registries(registry)) {
            push(ours, registry, "first/place:1");
            store.tag(registry.host() + "/first/place:1", image);

            CopiedImage pushed = push(ours, registry, "second/place:1");

            assertThat(pushed.bytesCopied()).isZero();
            assertThat(pushed.blobsPresent()).isEqualTo(3);
            assertThat(pull(ours, registry, "second/place:1").manifestDigest()).isEqualTo(image.digest());
        }
    }

    @Test
    void believesACertificateAuthorityThatIsNamed() throws Exception {
        assumeTrue(DockerRegistry.isInstalled("openssl"), "openssl is not installed");
        try (DockerRegistry registry = DockerRegistry.start(folder.resolve("registry"), true, true)) {
            Path certificates = Files.createDirectories(folder.resolve("certs.d/" + registry.host()));
            RegistrySettings byFolder = new RegistrySettings(Map.of(), List.of(folder.resolve("certs.d")));
            RegistrySettings byName = RegistrySettings.NONE.withHost(
                    registry.host(), RegistrySettings.Host.USUAL.withAuthority(registry.authority()));
            RegistrySettings strict = RegistrySettings.NONE.withHost(
                    registry.host(), RegistrySettings.Host.USUAL.withSecurity(RegistrySettings.Security.TLS));
            try (Registries ours = registries(registry, byName, DockerRegistry.PASSWORD)) {
                push(ours, registry, "a/b:1");
            }
            Files.copy(registry.authority(), certificates.resolve("ca.crt"));
            try (Registries ours = registries(registry, byFolder, DockerRegistry.PASSWORD)) {
                assertThat(pull(ours, registry, "a/b:1").manifestDigest()).isEqualTo(image.digest());
            }
            try (Registries ours = registries(registry, strict, DockerRegistry.PASSWORD)) {
                assertThatThrownBy(() -> push(ours, registry, "a/b:2"))
                        .hasMessageContaining("no trusted TLS connection");
            }
            try (Registries ours = registries(registry, RegistrySettings.NONE, DockerRegistry.PASSWORD)) {
                assertThatThrownBy(() -> push(ours, registry, "a/b:2")).hasMessageContaining("answered 400");
            }
        }
    }

    @Test
    void believesAnybodyWhereThatWasSaidAndDoesWithoutTlsToo() throws Exception {
        for (boolean tls : List.of(true, false)) {
            try (DockerRegistry registry = DockerRegistry.start(folder.resolve("registry-" + tls), true, tls)) {
                RegistrySettings insecure = RegistrySettings.NONE.withHost(
                        registry.host(), RegistrySettings.Host.USUAL.withSecurity(RegistrySettings.Security.INSECURE));
                try (Registries ours = registries(registry, insecure, DockerRegistry.PASSWORD)) {
                    assertThat(push(ours, registry, "a/b:1").blobsCopied()).isEqualTo(3);
                }
            }
        }
    }

    @Test
    void exchangesImagesWithSkopeo() throws Exception {
        assumeTrue(DockerRegistry.isInstalled("skopeo"), "skopeo is not installed");
        Descriptor arm = image("arm64");
        ImageIndex index = ImageIndex.create(
                List.of(image.withPlatform(Platform.linux("amd64")), arm.withPlatform(Platform.linux("arm64"))));
        store.put(index.digest(), index.bytes());
        store.tag(built.toString(), index.descriptor());
        try (DockerRegistry registry = DockerRegistry.start(folder.resolve("registry"), true, false);
                Registries ours = registries(registry)) {
            push(ours, registry, "a/b:all", CopyOptions.defaults().withAllPlatforms());
            String layout = "oci:" + folder.resolve("layout");
            DockerRegistry.run(
                    folder,
                    "skopeo",
                    "--insecure-policy",
                    "copy",
                    "--all",
                    "--src-tls-verify=false",
                    "--src-creds",
                    CREDENTIALS,
                    "docker://" + registry.host() + "/a/b:all",
                    layout + ":all");
            assertThat(Files.readString(folder.resolve("layout/index.json")))
                    .contains(index.digest().hex());

            DockerRegistry.run(
                    folder,
                    "skopeo",
                    "--insecure-policy",
                    "copy",
                    "--all",
                    "--dest-tls-verify=false",
                    "--dest-creds",
                    CREDENTIALS,
                    layout + ":all",
                    "docker://" + registry.host() + "/c/d:back");
            PulledImage pulled = pull(ours, registry, "c/d:back");
            assertThat(pulled.resolved().digest()).isEqualTo(index.digest());
            assertThat(pulled.manifestDigest()).isEqualTo(image.digest());

            DockerRegistry.run(
                    folder,
                    "skopeo",
                    "--insecure-policy",
                    "copy",
                    "--format",
                    "v2s2",
                    "--src-tls-verify=false",
                    "--src-creds",
                    CREDENTIALS,
                    "--dest-tls-verify=false",
                    "--dest-creds",
                    CREDENTIALS,
                    "--override-arch",
                    "amd64",
                    "docker://" + registry.host() + "/a/b:all",
                    "docker://" + registry.host() + "/e/f:docker");
            PulledImage docker = pull(ours, registry, "e/f:docker");
            assertThat(docker.manifest().mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
            assertThat(docker.config().diffIds()).isEqualTo(pulled.config().diffIds());
        }
    }

    @Test
    void exchangesImagesWithBuildah() throws Exception {
        assumeTrue(DockerRegistry.isInstalled("buildah"), "buildah is not installed");
        try (DockerRegistry registry = DockerRegistry.start(folder.resolve("registry"), false, false);
                Registries ours = registries(registry)) {
            push(ours, registry, "a/b:1");
            String[] buildah = {
                "buildah",
                "--root",
                folder.resolve("root").toString(),
                "--runroot",
                folder.resolve("run").toString(),
                "--storage-driver",
                "vfs"
            };
            String from = "docker://" + registry.host() + "/a/b:1";
            String id = run(buildah, "pull", "-q", "--tls-verify=false", from).strip();

            run(
                    buildah,
                    "push",
                    "-q",
                    "--tls-verify=false",
                    id.lines().toList().getLast(),
                    "docker://" + registry.host() + "/c/d:1");

            PulledImage pulled = pull(ours, registry, "c/d:1");
            assertThat(pulled.config().diffIds()).hasSize(2);
        }
    }

    @Test
    void exchangesImagesWithPodman() throws Exception {
        assumeTrue(DockerRegistry.isInstalled("podman"), "podman is not installed");
        try (DockerRegistry registry = DockerRegistry.start(folder.resolve("registry"), true, false);
                Registries ours = registries(registry)) {
            push(ours, registry, "a/b:1");
            String[] podman = {
                "podman",
                "--root",
                folder.resolve("root").toString(),
                "--runroot",
                folder.resolve("run").toString(),
                "--storage-driver",
                "vfs"
            };
            String place = registry.host() + "/a/b:1";
            run(podman, "pull", "-q", "--tls-verify=false", "--creds", CREDENTIALS, place);

            run(podman, "push", "-q", "--tls-verify=false", "--creds", CREDENTIALS, place, registry.host() + "/c/d:1");

            assertThat(pull(ours, registry, "c/d:1").config().diffIds())
                    .isEqualTo(pull(ours, registry, "a/b:1").config().diffIds());
        }
    }

    private String run(String[] tool, String... arguments) throws Exception {
        String[] command = Arrays.copyOf(tool, tool.length + arguments.length);
        System.arraycopy(arguments, 0, command, tool.length, arguments.length);
        return DockerRegistry.run(folder, command);
    }
}
