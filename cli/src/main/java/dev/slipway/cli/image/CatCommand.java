package dev.slipway.cli.image;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.oci.ImageFileReader;
import dev.slipway.oci.Images;
import dev.slipway.oci.lazy.LazyReport;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.transport.ImageLocation;
import dev.slipway.oci.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code slipway image cat}. */
@Command(
        name = "cat",
        description = {
            "Write one file of an image to standard output.",
            "Of layers with a table of contents (eStargz, zstd:chunked) only that and the file's bytes are fetched."
        })
public final class CatCommand extends ImageCommand {
    @Parameters(
            index = "0",
            paramLabel = "IMAGE",
            description = "A reference, or TRANSPORT:NAME (see 'slipway image').")
    @SuppressWarnings("NullAway.Init")
    private String image;

    @Parameters(index = "1", paramLabel = "PATH", description = "From the image's root.")
    @SuppressWarnings("NullAway.Init")
    private String path;

    @Mixin
    private PlatformMixin platform = new PlatformMixin();

    public CatCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        ImageLocation location = ImageLocation.parse(image);
        TreePath file = TreePath.parse(TarHeader.bytesOf(path));
        try (ImageFileReader files = images.files(location, platform.platform(), cancellation);
                InputStream in = files.read(file)) {
            in.transferTo(console().out());
            console().out().flush();
            tell(files.report());
            return 0;
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("read " + file + " of " + location, e);
        }
    }

    private void tell(LazyReport report) {
        if (global.debug() || (console().terminals().err() && !report.streamed().isEmpty())) {
            console()
                    .err()
                    .println("read " + new ByteSize(report.bytes()) + " in " + report.requests() + " requests; "
                            + report.indexed().size() + " layers by their table of contents, "
                            + report.streamed().size() + " from their start");
        }
    }
}
