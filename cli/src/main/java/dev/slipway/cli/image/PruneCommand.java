package dev.slipway.cli.image;

import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.Images;
import dev.slipway.oci.content.CollectOptions;
import dev.slipway.oci.content.CollectReport;
import dev.slipway.oci.content.CollectReport.Tally;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code slipway image prune}. */
@Command(
        name = "prune",
        description = {
            "Remove from the content store what no name needs any more.",
            "Safe beside running servers and pulls: what they use, or have just brought, stays."
        })
public final class PruneCommand extends ImageCommand {
    @Option(
            names = "--min-age",
            paramLabel = "MINUTES",
            description = "Keep what came less than so many minutes ago (default: 60).")
    private int minAge = 60;

    @Option(names = "--dry-run", description = "Only say what would be removed.")
    private boolean dryRun;

    public PruneCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        CollectOptions options = CollectOptions.defaults()
                .withMinAge(Duration.ofMinutes(Math.max(0, minAge)))
                .withDryRun(dryRun);
        CollectReport report;
        try (ProgressDisplay progress = progress()) {
            report = images.prune(options, progress, cancellation);
        }
        JsonText json = new JsonText().open().field("dryRun", report.dryRun());
        write(json, "removed", report.removed());
        write(json, "abandoned", report.abandoned());
        write(json, "referenced", report.referenced());
        write(json, "leased", report.leased());
        write(json, "young", report.young());
        return result(
                json.close(),
                (report.dryRun() ? "Would remove " : "Removed ") + text(report.removed()) + " and "
                        + report.abandoned().count() + " abandoned downloads. Kept: " + text(report.referenced())
                        + " named, " + text(report.leased()) + " in use, " + text(report.young()) + " new.");
    }

    private static void write(JsonText json, String name, Tally tally) {
        json.openField(name)
                .field("count", tally.count())
                .field("bytes", tally.size().bytes())
                .close();
    }

    private static String text(Tally tally) {
        return tally.count() + (tally.count() == 1 ? " blob (" : " blobs (") + tally.size() + ")";
    }
}
