package dev.slipway.cli.image;

import dev.slipway.cli.terminal.Console;
import picocli.CommandLine;

/** The commands of {@code slipway image}. */
public final class ImageCommands {
    private ImageCommands() {}

    /** Adds them to the group. */
    public static CommandLine addTo(CommandLine group, Console console) {
        return group.addSubcommand(new PullCommand(console))
                .addSubcommand(new PushCommand(console))
                .addSubcommand(new CopyCommand(console))
                .addSubcommand(new UnpackCommand(console))
                .addSubcommand(new CatCommand(console))
                .addSubcommand(new ExportCommand(console))
                .addSubcommand(new InspectCommand(console))
                .addSubcommand(new ListCommand(console))
                .addSubcommand(new TagCommand(console))
                .addSubcommand(new RemoveCommand(console))
                .addSubcommand(new PruneCommand(console))
                .addSubcommand(new SaveCommand(console))
                .addSubcommand(new LoadCommand(console))
                .addSubcommand(new BuildCommand(console))
                .addSubcommand(new DiffCommand(console));
    }
}
