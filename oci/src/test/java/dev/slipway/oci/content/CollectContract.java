package dev.slipway.oci.content;

import static dev.slipway.oci.content.SampleImage.blob;
import static dev.slipway.oci.content.SampleImage.image;
import static dev.slipway.oci.content.SampleImage.index;
import static dev.slipway.oci.content.SampleImage.layer;
import static dev.slipway.oci.content.SampleImage.referrer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store that is collected promises. */
abstract class CollectContract {
    private static final CollectOptions NOW = CollectOptions.defaults().withMinAge(Duration.ZERO);

    ContentStore store;

    /** A new, empty store. */
    abstract ContentStore create() throws IOException;

    @BeforeEach
    void createStore() throws IOException {
        store = create();
    }

    CollectReport collect(CollectOptions options) {
        return store.collect(options, ProgressListener.NONE, Cancellation.never());
    }

    @Test
    void keepsWhatReferencesAndRootsNeedAndRemovesTheRest() {
        Descriptor kept = index(store, image(store, "{}", "a", "shared"), image(store, "{\"b\":1}", "b"));
        Descriptor rooted = image(store, "{\"r\":1}", "r");
        image(store, "{\"c\":1}", "c", "shared");
        store.tag("localhost/kept:1", kept);
        store.root("backends/one", rooted);

        CollectReport report = collect(NOW);

        assertThat(report.removed().count()).isEqualTo(3);
        assertThat(report.referenced().count()).isEqualTo(11);
        assertThat(store.has(Digest.sha256("c"))).isFalse();
        assertThat(List.of("a", "b", "r", "shared")).allMatch(text -> store.has(Digest.sha256(text)));
        assertThat(store.roots()).extracting(Reference::name).containsExactly("backends/one");
        assertThat(store.names()).containsExactly("localhost/kept:1");

        assertThat(store.unroot("backends/one")).isTrue();
        assertThat(store.unroot("backends/one")).isFalse();
        store.untag("localhost/kept:1");
        assertThat(collect(NOW).removed().count()).isEqualTo(11);
        assertThat(store.blobs()).isEmpty();
    }

    @Test
    void keepsWhatIsYoung() {
        Descriptor old = layer(store, "old");
        image(store, "{}", "old");

        CollectReport report = collect(CollectOptions.defaults());

        assertThat(report.removed()).isEqualTo(CollectReport.Tally.NONE);
        assertThat(report.young().count()).isEqualTo(3);
        assertThat(store.has(old.digest())).isTrue();
    }

    @Test
    void keepsWhatIsHeldAndWhatAHeldManifestNames() {
        Descriptor image = image(store, "{}", "layer");
        blob(store, "garbage");
        assertThat(store.hold(image.digest(), Duration.ofHours(1))).isTrue();

        CollectReport report = collect(NOW);

        assertThat(report.young().count()).isEqualTo(3);
        assertThat(report.removed().count()).isEqualTo(1);
        assertThat(store.has(Digest.sha256("layer"))).isTrue();
    }

    @Test
    void keepsWhatALeaseProtectsUntilItIsClosed() {
        Descriptor image = image(store, "{}", "layer");
        Digest later = Digest.sha256("later");
        try (Lease lease = store.lease(Duration.ofMinutes(1), "a test")) {
            assertThat(lease.protect(image.digest())).isTrue();
            assertThat(lease.protect(later)).isFalse();
            blob(store, "later");
            assertThat(collect(NOW).leased().count()).isEqualTo(4);
        }
        assertThat(collect(NOW).removed().count()).isEqualTo(4);
    }

    @Test
    void keepsWhatIsAboutSomethingKept() {
        Descriptor image = image(store, "{}", "layer");
        Descriptor signature = referrer(store, image, "signature");
        Descriptor countersignature = referrer(store, signature, "countersignature");
        store.tag("localhost/app:1", image);

        assertThat(collect(NOW).removed().count()).isZero();
        assertThat(store.has(countersignature.digest())).isTrue();

        store.untag("localhost/app:1");
        collect(NOW);
        assertThat(store.blobs()).isEmpty();
    }

    @Test
    void removesWeakReferencesThatNothingElseNeeds() {
        Descriptor tagged = image(store, "{}", "tagged");
        Descriptor untagged = image(store, "{\"u\":1}", "untagged");
        Descriptor signature = referrer(store, tagged, "signature");
        Descriptor lost = referrer(store, untagged, "signature of what goes");
        store.tag("localhost/app:1", tagged);
        for (Descriptor pushed : List.of(tagged, untagged, signature, lost)) {
            store.tag("localhost/app@" + pushed.digest(), pushed);
        }
        assertThat(collect(NOW).removed().count()).isZero();
        assertThat(collect(CollectOptions.defaults().withoutUntagged()).untagged())
                .as("young references")
                .isEmpty();

        CollectReport report = collect(NOW.withoutUntagged());

        assertThat(report.untagged())
                .containsExactlyInAnyOrder("localhost/app@" + untagged.digest(), "localhost/app@" + lost.digest());
        assertThat(store.names())
                .containsExactlyInAnyOrder(
                        "localhost/app:1", "localhost/app@" + tagged.digest(), "localhost/app@" + signature.digest());
        assertThat(store.has(Digest.sha256("untagged"))).isFalse();
        assertThat(store.has(Digest.sha256("signature"))).isTrue();
    }

    @Test
    void removesNothingInADryRun() {
        Descriptor untagged = image(store, "{}", "layer");
        store.tag("localhost/app@" + untagged.digest(), untagged);

        CollectReport report = collect(NOW.withoutUntagged().withDryRun(true));

        assertThat(report.dryRun()).isTrue();
        assertThat(report.removed().count()).isEqualTo(3);
        assertThat(report.removed().size().bytes()).isGreaterThan(7);
        assertThat(report.untagged()).hasSize(1);
        assertThat(store.blobs()).hasSize(3);
        assertThat(store.names()).hasSize(1);
    }

    @Test
    void showsABlobUntilTheMomentItIsRemoved() {
        Descriptor image = image(store, "{}", "layer");
        List<Boolean> seen = new ArrayList<>();

        // The manifest goes first; then somebody asks for the layer, which is aside by now.
        store.collect(NOW, _ -> seen.add(store.has(Digest.sha256("layer"))), Cancellation.never());

        assertThat(seen.getFirst()).isTrue();
        assertThat(store.has(Digest.sha256("layer"))).isTrue();
        assertThat(store.has(image.digest())).isFalse();
    }

    @Test
    void keepsWhatAManifestNamesThatSomebodyAsksForMeanwhile() {
        Descriptor index = index(store, image(store, "{}", "layer"));
        // The index is removed first; then somebody reads the manifest that it named.
        Descriptor image = image(store, "{}", "layer");
        ProgressListener reader = progress -> store.hold(image.digest(), Duration.ofHours(1));

        store.collect(NOW, reader, Cancellation.never());

        assertThat(store.has(index.digest())).isFalse();
        assertThat(store.has(image.digest())).isTrue();
        assertThat(Set.of("{}", "layer")).allMatch(text -> store.has(Digest.sha256(text)));
    }

    @Test
    void leavesEverythingInPlaceWhenStopped() {
        image(store, "{}", "a", "b", "c");
        Cancellation cancellation = new Cancellation();

        assertThatThrownBy(() -> store.collect(NOW, progress -> cancellation.cancel(), cancellation))
                .hasMessage("Cancelled.");

        // The manifest, first to go, is gone; the rest is back.
        assertThat(store.blobs()).hasSize(4);
        assertThat(collect(NOW).removed().count()).isEqualTo(4);
    }

    @Test
    void keepsWhatDocumentsOfUnknownKindsName() {
        Descriptor layer = layer(store, "layer");
        String artifact = "{\"mediaType\":\"application/x-unknown\",\"blobs\":[{\"deep\":{\"digest\":\""
                + layer.digest() + "\"}}]}";
        byte[] bytes = artifact.getBytes(StandardCharsets.UTF_8);
        store.put(Digest.sha256(bytes), bytes);
        store.tag("localhost/artifact:1", Descriptor.of("application/x-unknown", bytes));

        assertThat(collect(NOW).removed().count()).isZero();
    }
}
