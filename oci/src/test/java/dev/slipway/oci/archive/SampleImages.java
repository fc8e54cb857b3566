package dev.slipway.oci.archive;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig.Execution;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transfer.Copier;
import dev.slipway.oci.transfer.CopyOptions;
import dev.slipway.oci.transport.ContentTransport;
import dev.slipway.oci.transport.Destination;
import dev.slipway.oci.transport.ImageSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small images, the same each time. */
final class SampleImages {
    static final ImageReference NAME = ImageReference.parse("localhost/sample/app:1");

    private SampleImages() {}

    /** A store that holds an image under {@link #NAME}. */
    static MemoryContentStore image() {
        MemoryContentStore store = new MemoryContentStore();
        store.tag(NAME.toString(), image("amd64", store));
        return store;
    }

    /** A store that holds an index of two images under {@link #NAME}. */
    static MemoryContentStore index() {
        MemoryContentStore store = new MemoryContentStore();
        ImageIndex index = ImageIndex.create(List.of(image("amd64", store), image("arm64", store)));
        store.put(index.digest(), index.bytes());
        store.tag(NAME.toString(), index.descriptor());
        return store;
    }

    private static Descriptor image(String architecture, ContentStore store) {
        byte[] noise = new byte[300_000];
        new Random(architecture.hashCode()).nextBytes(noise);
        return ImageBuilder.forPlatform(Platform.linux(architecture))
                .layer(new LayerBuilder().file("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), "run.sh", true))
                .layer(new LayerBuilder().file(noise, "opt/noise", false))
                .execution(new Execution(List.of("/run.sh"), List.of(), List.of("A=b"), "", "/opt", Map.of("l", "v")))
                .build(store);
    }

    static ImageSource source(ContentStore store) {
        return ImageSource.of(new ContentTransport(store, NAME), "1");
    }

    static CopiedImage copy(ImageSource source, Destination destination, CopyOptions options) {
        try (source;
                destination) {
            return new Copier(Retry.DEFAULT)
                    .copy(source, destination, options, ProgressListener.NONE, Cancellation.never());
        }
    }

    static CopyOptions amd64() {
        return CopyOptions.defaults().withPlatform(Platform.linux("amd64"));
    }
}
