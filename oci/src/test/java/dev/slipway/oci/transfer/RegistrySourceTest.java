package dev.slipway.oci.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Cancellation;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.faults.FaultyRegistry;
import dev.slipway.oci.faults.RawRequest;
import dev.slipway.oci.transport.ImageSource;
import dev.slipway.oci.transport.Registries;
import dev.slipway.oci.transport.RegistrySettings;
import dev.slipway.oci.transport.RegistrySettings.Host;
import dev.slipway.oci.transport.auth.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class RegistrySourceTest {
    @Test
    void readsFromTheMirrorWhatItHasAndTheRestFromTheHost() throws IOException {
        MemoryContentStore full = new MemoryContentStore();
        Descriptor image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().file("content".getBytes(StandardCharsets.UTF_8), "f", false))
                .build(full);
        MemoryContentStore part = new MemoryContentStore();
        part.put(image.digest(), full.read(image.digest(), ManifestDocument.MAX_SIZE));
        try (FaultyRegistry host = FaultyRegistry.start(full);
                FaultyRegistry mirror = FaultyRegistry.start(part)) {
            ImageReference reference = ImageReference.parse(host.host() + "/a/b@" + image.digest());
            RegistrySettings settings =
                    RegistrySettings.NONE.withHost(host.host(), Host.USUAL.withMirrors(List.of(mirror.address())));
            try (Registries registries = Registries.create(FetchOptions.defaults(), settings, Credentials.NONE);
                    ImageSource source = RegistrySource.open(registries, reference, new LongAdder())) {
                ImageChoice choice = ImageChoice.read(source, Platform.linux("amd64"), Cancellation.never());

                assertThat(choice.root().digest()).isEqualTo(image.digest());
            }
            assertThat(mirror.requests())
                    .extracting(RawRequest::target)
                    .anyMatch(target -> target.contains("/manifests/") && target.endsWith("?ns=" + host.host()));
            assertThat(host.requests()).extracting(RawRequest::target).allMatch(target -> target.contains("/blobs/"));
        }
    }
}
