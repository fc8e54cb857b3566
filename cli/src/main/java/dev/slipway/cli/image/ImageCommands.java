package dev.slipway.cli.image;

import dev.slipway.cli.terminal.Console;
import picocli.CommandLine;

/** The commands of {@code slipway image}. */
public final class ImageCommands {
    private ImageCommands() {}

    /** Adds them to the group. */
    public static CommandLine addTo(CommandLine group, Console console) {
        group.getCommandSpec()
                .usageMessage()
                .footer(
                        "",
                        "An IMAGE lies in one of these places:",
                        "  REFERENCE or docker://REFERENCE   a registry",
                        "  content:REFERENCE                 Slipway's content store, as 'list' shows it",
                        "  oci:DIR[:TAG]                     a directory that is an OCI image layout",
                        "  oci-archive:FILE[:TAG]            a tar file of one",
                        "  docker-archive:FILE[:REFERENCE]   a file as 'docker save' writes it",
                        "  docker-daemon:REFERENCE           Docker or podman, by its socket (DOCKER_HOST)",
                        "",
                        "Credentials are those of 'docker login', 'podman login' and their helpers.");
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
