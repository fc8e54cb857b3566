package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.LayoutContentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What skopeo, podman and buildah push comes back from them unchanged. */
class RealClientsTest {
    @TempDir
    Path folder;

    private EphemeralRegistry registry;

    @BeforeEach
    void start() {
        registry = EphemeralRegistry.startOnDisk();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static boolean skip(String... tools) throws Exception {
        Optional<String> missing = Tools.missing(tools);
        missing.ifPresent(tool -> System.out.println("skipped: " + tool + " is not installed"));
        return missing.isPresent();
    }

    private static Descriptor image(Path layout, String tag) {
        return LayoutContentStore.openReadOnly(layout).resolve(tag).orElseThrow();
    }

    private void copy(String from, String to, String... more) throws Exception {
        String[] command = {
            "skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", from, to
        };
        Tools.run(Tools.append(command, more));
    }

    @Test
    void skopeoPushesAndPullsImages() throws Exception {
        if (skip("skopeo")) {
            return;
        }
        Path layout = TestImages.layout(folder.resolve("in"), "one");
        String place = "docker://" + registry.host() + "/some/blobs/uploads:1";

        copy("oci:" + layout + ":one", place);
        copy("oci:" + layout + ":one", "docker://" + registry.host() + "/other:2");
        copy(place, "oci:" + folder.resolve("out") + ":one");
        copy(place, "dir:" + folder.resolve("dir"), "--format", "v2s2");
        copy("dir:" + folder.resolve("dir"), "docker://" + registry.host() + "/docker/format:1");
        String listed =
                Tools.run("skopeo", "list-tags", "--tls-verify=false", "docker://" + registry.host() + "/other");
        Tools.run("skopeo", "delete", "--tls-verify=false", place);

        assertThat(image(folder.resolve("out"), "one").digest())
                .isEqualTo(image(layout, "one").digest());
        assertThat(listed).contains("\"2\"");
        assertThat(Tools.status("skopeo", "inspect", "--tls-verify=false", place))
                .isNotZero();
        assertThat(registry.store()
                        .resolve("localhost/docker/format:1")
                        .orElseThrow()
                        .mediaType())
                .contains("docker");
    }

    @Test
    void skopeoCopiesAllPlatforms() throws Exception {
        if (skip("skopeo")) {
            return;
        }
        Path layout = TestImages.indexLayout(folder.resolve("in"), "many");
        String place = "docker://" + registry.host() + "/many:1";

        copy("oci:" + layout + ":many", place, "--all");
        copy(place, "oci:" + folder.resolve("out") + ":many", "--all");
        copy(place, "oci:" + folder.resolve("zstd") + ":many", "--all", "--dest-compress-format", "zstd");

        assertThat(image(folder.resolve("out"), "many").digest())
                .isEqualTo(image(layout, "many").digest());
    }

    @Test
    void otherToolsReadTheStoreAsALayout() throws Exception {
        if (skip("skopeo")) {
            return;
        }
        Path layout = TestImages.layout(folder.resolve("in"), "one");
        copy("oci:" + layout + ":one", "docker://" + registry.host() + "/a/b:1");

        DiskContentStore store = (DiskContentStore) registry.store();
        store.writeIndex();
        Path content = store.folder().orElseThrow();
        copy("oci:" + content + ":localhost/a/b:1", "oci:" + folder.resolve("out") + ":one");

        assertThat(image(folder.resolve("out"), "one").digest())
                .isEqualTo(image(layout, "one").digest());
    }

    @Test
    void podmanAndBuildahPushAndPull() throws Exception {
        if (skip("podman", "buildah", "skopeo")) {
            return;
        }
        Path layout = TestImages.layout(folder.resolve("in"), "one");
        copy("oci:" + layout + ":one", "docker://" + registry.host() + "/first:1");
        String[] podman = storage("podman");
        String[] buildah = storage("buildah");
        String first = registry.host() + "/first:1";
        String byDigest = registry.host() + "/first@" + image(layout, "one").digest();
        if (Tools.status(Tools.append(podman, "pull", "-q", "--tls-verify=false", first)) != 0) {
            System.out.println("skipped: podman cannot keep images here");
            return;
        }

        Tools.run(Tools.append(podman, "pull", "-q", "--tls-verify=false", byDigest));
        Tools.run(Tools.append(podman, "push", "-q", "--tls-verify=false", first, registry.host() + "/by/podman:1"));
        Tools.run(Tools.append(buildah, "pull", "-q", "--tls-verify=false", registry.host() + "/by/podman:1"));
        Tools.run(Tools.append(
                buildah,
                "push",
                "-q",
                "--tls-verify=false",
                registry.host() + "/by/podman:1",
                "docker://" + registry.host() + "/by/buildah:1"));
        copy("docker://" + registry.host() + "/by/buildah:1", "oci:" + folder.resolve("out") + ":one");

        assertThat(image(folder.resolve("out"), "one").size()).isPositive();
    }

    /** A storage of the test's own, without what the machine's configuration may ask for. */
    private String[] storage(String tool) throws Exception {
        Path root = Files.createDirectories(folder.resolve("containers"));
        return new String[] {
            tool,
            "--root",
            root.resolve("root").toString(),
            "--runroot",
            root.resolve("run").toString(),
            "--storage-driver",
            "vfs"
        };
    }
}
