package dev.slipway.cli.image;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.Images;
import dev.slipway.oci.UnpackedImage;
import dev.slipway.oci.transport.ImageLocation;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code slipway image unpack}. */
@Command(
        name = "unpack",
        description = {
            "Lay an image out as a directory.",
            "The directory appears whole or not at all. What this user or the file system cannot hold is named."
        })
public final class UnpackCommand extends ImageCommand {
    @Parameters(
            index = "0",
            paramLabel = "IMAGE",
            description = "A reference, or TRANSPORT:NAME (see 'slipway image').")
    @SuppressWarnings("NullAway.Init")
    private String image;

    @Parameters(index = "1", paramLabel = "DIR", description = "A new or an empty directory.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Mixin
    private PullOptionsMixin pull = new PullOptionsMixin();

    public UnpackCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        UnpackedImage unpacked;
        try (ProgressDisplay progress = progress()) {
            unpacked = images.unpack(ImageLocation.parse(image), pull.options(), folder, progress, cancellation);
        }
        if (!unpacked.report().complete()) {
            console().err().println("warning: left out or changed: " + unpacked.report() + ".");
        }
        return result(
                new JsonText()
                        .open()
                        .field("image", unpacked.image())
                        .field("manifest", unpacked.manifest().toString())
                        .field("folder", unpacked.folder().toString())
                        .field("bytesFetched", unpacked.bytesFetched())
                        .field("complete", unpacked.report().complete())
                        .field("leftOut", unpacked.report().toString())
                        .close(),
                unpacked.image() + " lies in " + unpacked.folder() + " ("
                        + (unpacked.bytesFetched() == 0 ? "nothing" : new ByteSize(unpacked.bytesFetched()))
                        + " fetched).");
    }
}
