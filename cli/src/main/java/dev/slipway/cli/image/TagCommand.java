package dev.slipway.cli.image;

import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Images;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code slipway image tag}. */
@Command(name = "tag", description = "Give an image of the content store one more name.")
public final class TagCommand extends ImageCommand {
    @Parameters(index = "0", paramLabel = "REFERENCE", description = "An image in the content store.")
    @SuppressWarnings("NullAway.Init")
    private String reference;

    @Parameters(index = "1", paramLabel = "NAME", description = "The new name; what it named before, it names no more.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    public TagCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        ImageReference tagged = ImageReference.parse(name);
        Descriptor descriptor = images.tag(ImageReference.parse(reference), tagged);
        return result(
                new JsonText()
                        .open()
                        .field("reference", tagged.toString())
                        .field("digest", descriptor.digest().toString())
                        .close(),
                tagged + " is " + descriptor.digest() + ".");
    }
}
