package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.oci.Descriptor;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What skopeo pushes comes back from skopeo. */
class PushSmokeTest {
    @TempDir
    Path folder;

    @Test
    void takesWhatSkopeoPushes() throws Exception {
        assumeTrue(Tools.installed("skopeo"), "skopeo is not installed");
        byte[] noise = new byte[2 << 20];
        new Random(3).nextBytes(noise);
        Path layout = folder.resolve("layout");
        Descriptor image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().file(noise, "noise", false))
                .build(layout, "one");
        try (EphemeralRegistry registry = EphemeralRegistry.start()) {
            String place = "docker://" + registry.host() + "/some/app:1";

            Tools.run(
                    "skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", "oci:" + layout + ":one", place);
            String inspected = Tools.run("skopeo", "inspect", "--tls-verify=false", place);

            assertThat(inspected).contains(image.digest().toString());
            assertThat(registry.store().resolve("localhost/some/app:1").map(Descriptor::digest))
                    .contains(image.digest());
        }
    }
}
