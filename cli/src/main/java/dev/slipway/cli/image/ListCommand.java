package dev.slipway.cli.image;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.Table;
import dev.slipway.oci.Images;
import dev.slipway.oci.Platform;
import dev.slipway.oci.StoredImage;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code slipway image list}. */
@Command(name = "list", aliases = "ls", description = "List the images of the content store.")
public final class ListCommand extends ImageCommand {
    public ListCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        List<StoredImage> stored = images.list();
        if (global.json()) {
            console().out().println(JsonText.array(stored, ListCommand::write));
            return 0;
        }
        Table table = new Table("REFERENCE", "DIGEST", "PLATFORM", "SIZE");
        for (StoredImage image : stored) {
            table.row(
                    image.name(),
                    shortDigest(image.descriptor().digest()),
                    image.platforms().stream().map(Platform::toString).collect(Collectors.joining(",")),
                    new ByteSize(image.size()) + (image.complete() ? "" : " (in part)"));
        }
        table.print(console().out());
        return 0;
    }

    private static void write(JsonText json, StoredImage image) {
        json.open()
                .field("reference", image.name())
                .field("digest", image.descriptor().digest().toString())
                .field("mediaType", image.descriptor().mediaType())
                .field(
                        "platforms",
                        image.platforms().stream().map(Platform::toString).toList())
                .field("size", image.size())
                .field("complete", image.complete())
                .close();
    }
}
