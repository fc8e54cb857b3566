package dev.slipway.oci.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A content store at rest is an OCI image layout to everybody. */
class OtherToolsTest {
    @TempDir
    Path folder;

    @Test
    void letsSkopeoCopyFromAStoreWithTwoWriters() throws Exception {
        boolean installed = run("sh", "-c", "command -v skopeo").status() == 0;
        if (!installed) {
            System.err.println("Skipped: skopeo is not installed.");
        }
        assumeTrue(installed, "skopeo is not installed");
        Path content = folder.resolve("content");
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + Digest.sha256("a layer") + "\"]}}";
        try (DiskContentStore one = DiskContentStore.open(content);
                DiskContentStore other = DiskContentStore.open(content)) {
            Descriptor image = SampleImage.image(one, config, "a layer");
            one.tag("localhost/team/app:1", image);
            other.tag("localhost/team/app@" + image.digest(), image);
        }

        Result copied = run(
                "skopeo",
                "copy",
                "--preserve-digests",
                "oci:" + content + ":localhost/team/app:1",
                "oci:" + folder.resolve("copy") + ":copied");
        assertThat(copied.status()).as(copied.output()).isZero();
        LayoutContentStore copy = LayoutContentStore.openReadOnly(folder.resolve("copy"));
        DiskContentStore store = DiskContentStore.open(content);
        assertThat(copy.resolve("copied").orElseThrow().digest())
                .isEqualTo(store.resolve("localhost/team/app:1").orElseThrow().digest());
        assertThat(copy.blobs()).containsExactlyInAnyOrderElementsOf(store.blobs());
    }

    private record Result(int status, String output) {}

    private static Result run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
