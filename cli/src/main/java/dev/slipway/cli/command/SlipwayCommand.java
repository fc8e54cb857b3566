package dev.slipway.cli.command;

import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.ErrorText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands have: their options, their console, and how they fail. */
public abstract class SlipwayCommand implements Callable<Integer> {
    @Mixin
    protected GlobalOptions global = new GlobalOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and leave.")
    boolean help;

    private final Console console;

    protected SlipwayCommand(Console console) {
        this.console = console;
    }

    protected final Console console() {
        return console;
    }

    /** Does the work and returns the exit status. */
    protected abstract int execute();

    @Override
    public final Integer call() {
        try {
            return execute();
        } catch (RuntimeException | Error e) {
            return ErrorText.print(console, e, global.json, global.debug);
        }
    }
}
