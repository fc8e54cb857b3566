package dev.slipway.cli.image;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.Table;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageInspection;
import dev.slipway.oci.Images;
import dev.slipway.oci.Platform;
import dev.slipway.oci.transport.ImageLocation;
import java.io.PrintStream;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway image inspect}. */
@Command(
        name = "inspect",
        description = {"Show what an image is, without pulling its layers.", "A reference is asked for in its registry."
        })
public final class InspectCommand extends ImageCommand {
    @Parameters(paramLabel = "IMAGE", description = "A reference, or TRANSPORT:NAME (see 'slipway image').")
    @SuppressWarnings("NullAway.Init")
    private String image;

    @Option(names = "--raw", description = "Print the bytes of the manifest or index and nothing else.")
    private boolean raw;

    @Option(names = "--config", description = "Print the bytes of the image's config and nothing else.")
    private boolean config;

    @Mixin
    private PlatformMixin platform = new PlatformMixin();

    public InspectCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        PrintStream out = console().out();
        if (raw) {
            out.writeBytes(
                    images.document(ImageLocation.parse(image), cancellation).bytes());
            return 0;
        }
        ImageInspection found = images.inspect(ImageLocation.parse(image), platform.platform(), cancellation);
        if (config) {
            out.writeBytes(found.config().bytes());
        } else if (global.json()) {
            out.println(json(found));
        } else {
            print(found, out);
        }
        return 0;
    }

    private static JsonText json(ImageInspection found) {
        return new JsonText()
                .open()
                .field("image", found.name())
                .field("digest", found.resolved().digest().toString())
                .field("mediaType", found.resolved().mediaType())
                .field("manifest", found.manifest().digest().toString())
                .field("platform", found.config().platform().toString())
                .field(
                        "platforms",
                        found.platforms().stream().map(Platform::toString).toList())
                .field("size", found.size())
                .field("entrypoint", found.config().execution().entrypoint())
                .field("command", found.config().execution().command())
                .field("environment", found.config().execution().environment())
                .field("workingDirectory", found.config().execution().workingDirectory())
                .field("user", found.config().execution().user())
                .array("layers", found.manifest().layers(), InspectCommand::write)
                .close();
    }

    private static void write(JsonText json, Descriptor layer) {
        json.open()
                .field("digest", layer.digest().toString())
                .field("mediaType", layer.mediaType())
                .field("size", layer.size())
                .close();
    }

    private static void print(ImageInspection found, PrintStream out) {
        out.println(found.name());
        out.println("  digest      " + found.resolved().digest());
        if (!found.resolved().digest().equals(found.manifest().digest())) {
            out.println("  manifest    " + found.manifest().digest());
            out.println("  platforms   "
                    + found.platforms().stream().map(Platform::toString).collect(Collectors.joining(", ")));
        }
        out.println("  platform    " + found.config().platform());
        out.println(
                "  entrypoint  " + String.join(" ", found.config().execution().entrypoint()));
        out.println(
                "  command     " + String.join(" ", found.config().execution().command()));
        out.println("  size        " + new ByteSize(found.size()) + " in "
                + found.manifest().layers().size()
                + (found.manifest().layers().size() == 1 ? " layer" : " layers"));
        Table table = new Table("  LAYER", "SIZE", "MEDIA TYPE");
        for (Descriptor layer : found.manifest().layers()) {
            table.row("  " + layer.digest(), new ByteSize(layer.size()).toString(), layer.mediaType());
        }
        table.print(out);
    }
}
