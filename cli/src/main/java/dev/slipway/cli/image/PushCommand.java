package dev.slipway.cli.image;

import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Images;
import dev.slipway.oci.transfer.CopiedImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code slipway image push}. */
@Command(
        name = "push",
        description = {
            "Push an image of the content store to a registry.",
            "What the registry has is not sent; an upload that is cut goes on where it was."
        })
public final class PushCommand extends ImageCommand {
    @Parameters(index = "0", paramLabel = "REFERENCE", description = "An image in the content store.")
    @SuppressWarnings("NullAway.Init")
    private String reference;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DESTINATION",
            description = "Where to push it, when not to the registry that the reference names.")
    private String destination = "";

    @Mixin
    private CopyOptionsMixin copy = new CopyOptionsMixin();

    public PushCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        ImageReference from = ImageReference.parse(reference);
        ImageReference to = destination.isEmpty() ? from : ImageReference.parse(destination);
        CopiedImage copied;
        try (ProgressDisplay progress = progress()) {
            copied = images.push(from, to, copy.options(), progress, cancellation);
        }
        JsonText json = new JsonText();
        Copies.write(json, to.toString(), copied);
        return result(json, Copies.text(to.toString(), copied));
    }
}
