package dev.slipway.cli.image;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.cli.CliException;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.Images;
import dev.slipway.oci.transport.ImageLocation;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway image export}. */
@Command(
        name = "export",
        description = {
            "Write an image's tree as one tar archive, with every owner, device and attribute, whoever you are.",
            "To standard output, or to a file that appears when it is whole."
        })
public final class ExportCommand extends ImageCommand {
    @Parameters(paramLabel = "IMAGE", description = "A reference, or TRANSPORT:NAME (see 'slipway image').")
    @SuppressWarnings("NullAway.Init")
    private String image;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write to.")
    @Nullable
    private Path output;

    @Mixin
    private PullOptionsMixin pull = new PullOptionsMixin();

    public ExportCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        ImageLocation location = ImageLocation.parse(image);
        Path file = output;
        try (ProgressDisplay progress = progress()) {
            if (file == null) {
                requireNoTerminal();
                images.export(location, pull.options(), unclosed(console().out()), progress, cancellation);
                return 0;
            }
            toFile(images, location, file, progress, cancellation);
        } catch (IOException e) {
            throw AtomicFiles.explain("write " + file, e);
        }
        return result(
                new JsonText()
                        .open()
                        .field("image", location.toString())
                        .field("file", file.toString())
                        .close(),
                location + " is written to " + file + ".");
    }

    private void toFile(
            Images images, ImageLocation location, Path file, ProgressListener progress, Cancellation cancellation)
            throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path part = Files.createTempFile(folder, ".slipway-export-", ".tar");
        try {
            images.export(location, pull.options(), Files.newOutputStream(part), progress, cancellation);
            AtomicFiles.rename(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void requireNoTerminal() {
        if (console().terminals().out()) {
            throw CliException.usage(
                    "An archive is not for a terminal.", "Name a file with --output, or redirect standard output.");
        }
    }

    private static OutputStream unclosed(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}
