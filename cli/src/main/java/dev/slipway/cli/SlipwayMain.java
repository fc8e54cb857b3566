package dev.slipway.cli;

import dev.slipway.cli.command.RootCommand;
import dev.slipway.cli.terminal.Console;

/** The {@code slipway} program. */
public final class SlipwayMain {
    private SlipwayMain() {}

    public static void main(String[] arguments) {
        int status = run(Console.system(), arguments);
        System.exit(status);
    }

    /** Runs one command and returns its exit status. */
    public static int run(Console console, String... arguments) {
        return RootCommand.commandLine(console).execute(arguments);
    }
}
