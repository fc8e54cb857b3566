package dev.slipway.cli.image;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.cli.CliException;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig.Execution;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Images;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.build.LayerCompression;
import dev.slipway.oci.transfer.PullOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway image build}. */
@Command(
        name = "build",
        description = {
            "Build an image from directories and tar files; each becomes a layer, the first the lowest.",
            "The same input gives the same digest on every machine: entries are sorted, times are at most",
            "SOURCE_DATE_EPOCH (default: 1970), and nothing of this host goes in."
        })
public final class BuildCommand extends ImageCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The new image's reference in the content store.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "INPUT[=PATH]",
            description = "A directory or file, put at PATH (default: the root), or a tar archive, taken as it is.")
    private List<String> inputs = List.of();

    @Option(
            names = "--base",
            paramLabel = "REFERENCE",
            description = "The image to build on; pulled when it is not here.")
    private String base = "";

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH[/VARIANT]",
            description = "Default: the base's, or this host's.")
    private String platform = "";

    @Option(names = "--entrypoint", paramLabel = "WORD", description = "One word of it; repeat for more.")
    private List<String> entrypoint = List.of();

    @Option(names = "--command", paramLabel = "WORD", description = "One word of it; repeat for more.")
    private List<String> command = List.of();

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "A variable; repeat for more.")
    private List<String> environment = List.of();

    @Option(names = "--user", paramLabel = "USER[:GROUP]", description = "Whom to run as.")
    private String user = "";

    @Option(names = "--workdir", paramLabel = "PATH", description = "Where to run.")
    private String workingDirectory = "";

    @Option(names = "--label", paramLabel = "NAME=VALUE", description = "A label in the config; repeat for more.")
    private Map<String, String> labels = Map.of();

    @Option(names = "--annotation", paramLabel = "NAME=VALUE", description = "An annotation; repeat for more.")
    private Map<String, String> annotations = Map.of();

    @Option(names = "--compression", description = "Of the new layers: ${COMPLETION-CANDIDATES} (default: gzip).")
    private LayerCompression compression = LayerCompression.GZIP;

    public BuildCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        ImageReference reference = ImageReference.parse(name);
        ImageBuilder builder = begin(images, cancellation)
                .modifiedAtMost(ImageBuilder.sourceDate(console().environment()))
                .compression(compression)
                .execution(new Execution(entrypoint, command, environment, user, workingDirectory, labels));
        annotations.forEach(builder::annotation);
        inputs.forEach(input -> add(builder, input));
        Descriptor built = images.build(builder, reference);
        return result(
                new JsonText()
                        .open()
                        .field("reference", reference.toString())
                        .field("digest", built.digest().toString())
                        .close(),
                reference + " is " + built.digest() + ".");
    }

    private ImageBuilder begin(Images images, Cancellation cancellation) {
        Platform wanted = platform.isEmpty() ? Platform.host() : Platform.parse(platform);
        if (base.isEmpty()) {
            return ImageBuilder.forPlatform(wanted);
        }
        try (ProgressDisplay progress = progress()) {
            PullOptions options = PullOptions.defaults().withPlatform(wanted);
            return images.buildOn(ImageReference.parse(base), options, progress, cancellation);
        }
    }

    private static void add(ImageBuilder builder, String input) {
        int equals = input.lastIndexOf('=');
        Path source = Path.of(equals < 0 ? input : input.substring(0, equals));
        String target = equals < 0 ? "" : input.substring(equals + 1);
        try {
            if (Files.isDirectory(source)) {
                builder.layer(new LayerBuilder().directory(source, target));
            } else if (!Files.exists(source)) {
                throw CliException.usage("There is no '" + source + "'.", "Name a directory, a file or a tar archive.");
            } else if (equals < 0) {
                builder.tarLayer(source);
            } else {
                builder.layer(new LayerBuilder().file(source, target));
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + source, e);
        }
    }
}
