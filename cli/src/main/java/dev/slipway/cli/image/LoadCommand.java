package dev.slipway.cli.image;

import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Images;
import dev.slipway.oci.transfer.CopiedImage;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code slipway image load}. */
@Command(
        name = "load",
        description = {
            "Take all images of a file into the content store, under the names they have there.",
            "Reads what 'docker save', 'podman save' and 'skopeo copy ... oci-archive:' write, compressed or not."
        })
public final class LoadCommand extends ImageCommand {
    @Parameters(paramLabel = "FILE", description = "A Docker or OCI archive.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private CopyOptionsMixin copy = new CopyOptionsMixin();

    public LoadCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        Map<ImageReference, CopiedImage> loaded;
        try (ProgressDisplay progress = progress()) {
            loaded = images.load(file, copy.options(), progress, cancellation);
        }
        return result(
                JsonText.array(
                        loaded.entrySet(),
                        (json, image) -> Copies.write(json, image.getKey().toString(), image.getValue())),
                loaded.entrySet().stream()
                        .map(image -> Copies.text(image.getKey().toString(), image.getValue()))
                        .collect(Collectors.joining("\n")));
    }
}
