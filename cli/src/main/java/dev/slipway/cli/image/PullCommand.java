package dev.slipway.cli.image;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Images;
import dev.slipway.oci.transfer.PulledImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code slipway image pull}. */
@Command(
        name = "pull",
        description = {
            "Pull an image into the content store.",
            "What is there already is not fetched again, and what was fetched in part goes on from there."
        })
public final class PullCommand extends ImageCommand {
    @Parameters(
            paramLabel = "REFERENCE",
            description = "Such as alpine, quay.io/org/app:1 or localhost:5000/app@sha256:…")
    @SuppressWarnings("NullAway.Init")
    private String reference;

    @Mixin
    private PullOptionsMixin pull = new PullOptionsMixin();

    public PullCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        PulledImage image;
        try (ProgressDisplay progress = progress()) {
            image = images.pull(ImageReference.parse(reference), pull.options(), progress, cancellation);
        }
        return result(
                new JsonText()
                        .open()
                        .field("reference", image.reference().toString())
                        .field("digest", image.resolved().digest().toString())
                        .field("manifest", image.manifestDigest().toString())
                        .field("platform", image.config().platform().toString())
                        .field("bytesFetched", image.bytesFetched())
                        .close(),
                image.reference() + " is " + image.resolved().digest() + " ("
                        + (image.bytesFetched() == 0 ? "nothing" : new ByteSize(image.bytesFetched())) + " fetched).");
    }
}
