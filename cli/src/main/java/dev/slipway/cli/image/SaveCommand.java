package dev.slipway.cli.image;

import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Images;
import dev.slipway.oci.transfer.CopiedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway image save}. */
@Command(
        name = "save",
        description = {
            "Write images of the content store to one file that 'docker load' and 'podman load' read.",
            "For an OCI archive: slipway image copy content:REFERENCE oci-archive:FILE:REFERENCE"
        })
public final class SaveCommand extends ImageCommand {
    @Parameters(arity = "1..*", paramLabel = "REFERENCE", description = "Images in the content store.")
    @SuppressWarnings("NullAway.Init")
    private List<String> references;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "Where to write to; it appears when it is whole.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private CopyOptionsMixin copy = new CopyOptionsMixin();

    public SaveCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        List<ImageReference> parsed =
                references.stream().map(ImageReference::parse).toList();
        Map<ImageReference, CopiedImage> saved;
        try (ProgressDisplay progress = progress()) {
            saved = images.save(parsed, file, copy.options(), progress, cancellation);
        }
        return result(
                new JsonText()
                        .open()
                        .field("file", file.toString())
                        .array(
                                "images",
                                saved.entrySet(),
                                (json, image) ->
                                        Copies.write(json, image.getKey().toString(), image.getValue()))
                        .close(),
                saved.keySet().stream().map(ImageReference::toString).collect(Collectors.joining(", "))
                        + (saved.size() == 1 ? " is" : " are") + " written to " + file + ".");
    }
}
