package dev.slipway.registry;

import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.LayoutContentStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Small images to push about. */
final class TestImages {
    private TestImages() {}

    /** An OCI image layout with one image of two layers. */
    static Path layout(Path folder, String tag) {
        image(tag.hashCode()).build(folder, tag);
        return folder;
    }

    /** An OCI image layout with an index of two platforms. */
    static Path indexLayout(Path folder, String tag) {
        try (LayoutContentStore layout = LayoutContentStore.open(folder)) {
            Descriptor amd = image(1).build((ContentStore) layout).withPlatform(Platform.linux("amd64"));
            Descriptor arm = ImageBuilder.forPlatform(Platform.linux("arm64"))
                    .layer(new LayerBuilder().file(noise(2, 70_000), "arm", false))
                    .build((ContentStore) layout)
                    .withPlatform(Platform.linux("arm64"));
            ImageIndex index = ImageIndex.create(List.of(amd, arm));
            layout.put(index.digest(), index.bytes());
            layout.tag(tag, index.descriptor());
        }
        return folder;
    }

    private static ImageBuilder image(long seed) {
        return ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().file(noise(seed, 300_000), "noise", false))
                .layer(new LayerBuilder().file(noise(seed + 1, 10), "small", false));
    }

    static byte[] noise(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
