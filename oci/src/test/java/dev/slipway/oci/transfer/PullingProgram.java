package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Platform;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.layer.FlattenLimits;
import dev.slipway.oci.layer.Flattener;
import dev.slipway.oci.tree.DirectorySink;
import java.nio.file.Path;

/** Pulls an image and unpacks it while it arrives: a process of its own, so that it can be killed. */
final class PullingProgram {
    private PullingProgram() {}

    /** Takes a reference, the folder of a content store, and the folder to unpack into. */
    public static void main(String[] arguments) {
        DiskContentStore store = DiskContentStore.open(Path.of(arguments[1]));
        PullOptions options = PullOptions.defaults().withPlatform(Platform.linux("amd64"));
        try (Fetcher fetcher = Fetcher.create(FetchOptions.defaults());
                RunningPull pull = new Puller(fetcher, Retry.DEFAULT)
                        .start(
                                ImageReference.parse(arguments[0]),
                                options,
                                store,
                                ProgressListener.NONE,
                                Cancellation.never());
                DirectorySink sink = DirectorySink.create(Path.of(arguments[2]), false)) {
            new Flattener(FlattenLimits.defaults())
                    .flatten(
                            pull.manifest(),
                            pull.config(),
                            pull.layers(),
                            sink,
                            ProgressListener.NONE,
                            Cancellation.never());
            pull.await();
            sink.publish();
        }
    }
}
