package dev.slipway.cli.command;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.cli.CliException;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.oci.content.CollectOptions;
import dev.slipway.oci.content.CollectReport;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.server.SlipwayHome;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code slipway registry collect}. */
@Command(
        name = "collect",
        description = {"Remove blobs that no tag, manifest or running client needs. Safe beside a running registry.", ""
        })
final class RegistryCollectCommand extends SlipwayCommand {
    @Option(names = "--dir", paramLabel = "DIR", description = "The content store (default: that of the home).")
    @Nullable
    private Path folder;

    @Option(
            names = "--min-age",
            paramLabel = "SECONDS",
            description = "Keep what came less than this ago (default: 3600).")
    private long minAge = Duration.ofHours(1).toSeconds();

    @Option(names = "--untagged", description = "Remove manifests too that have no tag and that nothing leads to.")
    private boolean untagged;

    @Option(names = "--dry-run", description = "Only say what would be removed.")
    private boolean dryRun;

    RegistryCollectCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        if (minAge < 0) {
            throw CliException.usage("--min-age is negative.", "Use seconds, 0 or more.");
        }
        CollectOptions options =
                CollectOptions.defaults().withMinAge(Duration.ofSeconds(minAge)).withDryRun(dryRun);
        CollectReport report = DiskContentStore.open(content())
                .collect(untagged ? options.withoutUntagged() : options, ProgressListener.NONE, Cancellation.never());
        if (global.json) {
            console()
                    .out()
                    .println(new JsonText()
                            .open()
                            .field("dry-run", report.dryRun())
                            .field("removed-blobs", report.removed().count())
                            .field("removed-bytes", report.removed().size().bytes())
                            .field("untagged", report.untagged())
                            .close());
        } else {
            console()
                    .out()
                    .println((dryRun ? "Would remove " : "Removed ")
                            + report.removed().count() + " blobs, "
                            + report.removed().size() + "; "
                            + report.referenced().count() + " are needed, "
                            + (report.leased().count() + report.young().count()) + " are in use or young.");
        }
        return 0;
    }

    private Path content() {
        return folder == null
                ? SlipwayHome.open(global.home(console().environment())).content()
                : folder.toAbsolutePath();
    }
}
