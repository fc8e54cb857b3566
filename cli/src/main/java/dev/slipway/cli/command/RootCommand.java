package dev.slipway.cli.command;

import dev.slipway.cli.image.ImageCommands;
import dev.slipway.cli.terminal.Console;
import dev.slipway.server.SlipwayVersion;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code slipway}: what stands before every other command. */
@Command(
        name = "slipway",
        versionProvider = RootCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        header = "Slipway launches AI backends from OCI images.",
        description = {
            "",
            "Start here:",
            "  slipway serve          an OpenAI-compatible server on 127.0.0.1:8080",
            "  slipway chat           talk to a model, with or without a server",
            ""
        },
        footer = {
            "",
            "Exit status:",
            "  0 done   1 failed   2 wrong usage or request   3 not found   4 not allowed",
            "  5 unreachable, try again   6 damaged or wrong bytes   7 in use by something else",
            "  8 no disk space, memory or permission   10 no JDK 25   130 interrupted",
            "",
            "Environment: SLIPWAY_HOME, SLIPWAY_URL, SLIPWAY_JAVA_HOME, NO_COLOR."
        })
public final class RootCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and leave.")
    boolean help;

    @CommandLine.Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and leave.")
    boolean version;

    /** The command line with all commands. */
    public static CommandLine commandLine(Console console) {
        CommandLine root = new CommandLine(new RootCommand());
        root.addSubcommand(new ServeCommand(console));
        root.addSubcommand(new ChatCommand(console));
        root.addSubcommand(ImageCommands.addTo(group("image", "Images: pull, unpack, inspect, copy, build."), console));
        root.addSubcommand(group("registry", "A registry of our own.")
                .addSubcommand(new RegistryServeCommand(console))
                .addSubcommand(new RegistryCollectCommand(console))
                .addSubcommand(new RegistryScrubCommand(console)));
        root.addSubcommand(
                group("model", "Models that can be asked for.").addSubcommand(new ModelListCommand(console)));
        root.addSubcommand(group("backend", "Backends that run models.")
                .addSubcommand(new BackendListCommand(console))
                .addSubcommand(new BackendInstallCommand(console)));
        root.addSubcommand(new BenchCommand(console));
        root.addSubcommand(new TemplateCommand(console));
        root.addSubcommand(new TokenizeCommand(console));
        root.addSubcommand(new DoctorCommand(console));
        root.addSubcommand(new VersionCommand(console));
        root.addSubcommand(new CompletionCommand(console));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        // An argument such as @messages.json is for the command to read.
        root.setExpandAtFiles(false);
        root.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(console.colourOut() ? Ansi.ON : Ansi.OFF));
        root.setParameterExceptionHandler(RootCommand::wrongUsage);
        root.setUsageHelpWidth(Math.max(80, Math.min(120, console.width())));
        return root;
    }

    private static CommandLine group(String name, String description) {
        CommandLine group = new CommandLine(new Group());
        group.getCommandSpec()
                .name(name)
                .usageMessage()
                .description(description)
                .synopsisSubcommandLabel("COMMAND");
        return group;
    }

    private static int wrongUsage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println("error: " + failure.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
            command.getErr().println(" next: Run '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return CommandLine.ExitCode.USAGE;
    }

    /** Without a command there is only help to give. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** A command that only holds others. */
    @Command
    static final class Group implements Runnable {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @CommandLine.Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help and leave.")
        boolean help;

        @Override
        public void run() {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"slipway " + SlipwayVersion.current()};
        }
    }
}
