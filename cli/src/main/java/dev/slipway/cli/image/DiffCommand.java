package dev.slipway.cli.image;

import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.oci.Images;
import dev.slipway.oci.diff.TreeChange;
import dev.slipway.oci.diff.TreeNode.Property;
import dev.slipway.oci.diff.TreeSummary;
import dev.slipway.oci.transport.ImageLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway image diff}. */
@Command(
        name = "diff",
        description = {
            "Tell in which paths two images differ, or an image and a directory.",
            "One line for each: + added, - removed, ~ changed and in what. Times are not compared."
        })
public final class DiffCommand extends ImageCommand {
    @Parameters(
            index = "0",
            paramLabel = "BEFORE",
            description = "A reference, TRANSPORT:NAME, or a directory that begins with '/' or '.'.")
    @SuppressWarnings("NullAway.Init")
    private String before;

    @Parameters(index = "1", paramLabel = "AFTER", description = "Likewise.")
    @SuppressWarnings("NullAway.Init")
    private String after;

    @Option(
            names = "--ignore",
            split = ",",
            paramLabel = "PROPERTY",
            description = "What makes no difference: ${COMPLETION-CANDIDATES}.")
    private Set<Property> ignored = Set.of();

    @Option(names = "--exit-code", description = "Leave with status 1 when there are differences.")
    private boolean exitCode;

    @Mixin
    private PullOptionsMixin pull = new PullOptionsMixin();

    public DiffCommand(Console console) {
        super(console);
    }

    @Override
    int run(Images images, Cancellation cancellation) {
        List<TreeChange> changes = new ArrayList<>();
        try (ProgressDisplay progress = progress()) {
            TreeSummary first = summary(images, before, progress, cancellation);
            first.compare(summary(images, after, progress, cancellation), ignored, changes::add);
        }
        if (global.json()) {
            console().out().println(JsonText.array(changes, DiffCommand::write));
        } else {
            changes.forEach(change -> console().out().println(line(change)));
        }
        return exitCode && !changes.isEmpty() ? 1 : 0;
    }

    private TreeSummary summary(Images images, String text, ProgressDisplay progress, Cancellation cancellation) {
        return text.startsWith("/") || text.startsWith(".")
                ? TreeSummary.of(Path.of(text), cancellation)
                : images.summary(ImageLocation.parse(text), pull.options(), progress, cancellation);
    }

    private static String line(TreeChange change) {
        return switch (change) {
            case TreeChange.Added added -> "+ " + added.path();
            case TreeChange.Removed removed -> "- " + removed.path();
            case TreeChange.Changed changed ->
                "~ " + changed.path() + " ("
                        + names(changed.properties()).stream().collect(Collectors.joining(", ")) + ")";
        };
    }

    private static void write(JsonText json, TreeChange change) {
        json.open().field("path", change.path().toString());
        switch (change) {
            case TreeChange.Added _ -> json.field("change", "added");
            case TreeChange.Removed _ -> json.field("change", "removed");
            case TreeChange.Changed changed ->
                json.field("change", "changed").field("properties", names(changed.properties()));
        }
        json.close();
    }

    private static List<String> names(Set<Property> properties) {
        return new TreeSet<>(properties)
                .stream()
                        .map(property ->
                                property.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList();
    }
}
