package dev.slipway.cli.image;

import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.Images;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transport.ImageLocation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code slipway image copy}. */
@Command(
        name = "copy",
        aliases = "cp",
        description = {
            "Copy an image from anywhere to anywhere, without a detour through the content store.",
            "Digests stay as they are wherever the destination can hold the image unchanged; what changes is told."
        })
public final class CopyCommand extends ImageCommand {
    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            description = "A reference, or TRANSPORT:NAME (see 'slipway image').")
    @SuppressWarnings("NullAway.Init")
    private String source;

    @Parameters(index = "1", paramLabel = "DESTINATION", description = "Likewise.")
    @SuppressWarnings("NullAway.Init")
    private String destination;

    @Mixin
    private CopyOptionsMixin copy = new CopyOptionsMixin();

    public CopyCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        ImageLocation to = ImageLocation.parse(destination);
        CopiedImage copied;
        try (ProgressDisplay progress = progress()) {
            copied = images.copy(ImageLocation.parse(source), to, copy.options(), progress, cancellation);
        }
        JsonText json = new JsonText();
        Copies.write(json, to.toString(), copied);
        return result(json, Copies.text(to.toString(), copied));
    }
}
