package dev.slipway.cli.command;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.VerifyReport;
import dev.slipway.server.SlipwayHome;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code slipway registry scrub}. */
@Command(
        name = "scrub",
        description = {
            "Hash all blobs again and take those whose bytes are wrong out of the store, so that they can be pushed anew.",
            ""
        })
final class RegistryScrubCommand extends SlipwayCommand {
    @Option(names = "--dir", paramLabel = "DIR", description = "The content store (default: that of the home).")
    @Nullable
    private Path folder;

    RegistryScrubCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        Path content = folder == null
                ? SlipwayHome.open(global.home(console().environment())).content()
                : folder.toAbsolutePath();
        DiskContentStore store = DiskContentStore.open(content);
        VerifyReport report = store.verify(store.blobs(), ProgressListener.NONE, Cancellation.never());
        List<String> damaged = report.damaged().stream().map(Digest::toString).toList();
        if (global.json) {
            console()
                    .out()
                    .println(new JsonText().open().field("damaged", damaged).close());
        } else if (damaged.isEmpty()) {
            console().out().println("All blobs are what their digests say.");
        } else {
            console().out().println("Taken out, because their bytes are wrong: " + String.join(", ", damaged));
        }
        return damaged.isEmpty() ? 0 : ErrorKind.CORRUPT.exitCode();
    }
}
