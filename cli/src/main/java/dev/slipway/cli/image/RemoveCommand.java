package dev.slipway.cli.image;

import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Images;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code slipway image remove}. */
@Command(
        name = "remove",
        aliases = "rm",
        description = {
            "Remove names from the content store.",
            "The bytes go with the next 'slipway image prune', unless another name needs them."
        })
public final class RemoveCommand extends ImageCommand {
    @Parameters(arity = "1..*", paramLabel = "REFERENCE", description = "Names, as 'slipway image list' shows them.")
    @SuppressWarnings("NullAway.Init")
    private List<String> references;

    public RemoveCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        // All are parsed before the first goes.
        List<ImageReference> parsed =
                references.stream().map(ImageReference::parse).toList();
        parsed.forEach(images::remove);
        List<String> names = parsed.stream().map(ImageReference::toString).toList();
        return result(
                new JsonText().open().field("removed", names).close(), "Removed " + String.join(", ", names) + ".");
    }
}
