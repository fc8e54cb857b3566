package dev.slipway.cli.command;

import dev.slipway.cli.CliException;
import dev.slipway.cli.terminal.Console;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code slipway completion}. */
@Command(
        name = "completion",
        description = "Print a completion script for a shell.",
        footer = {"", "bash: source <(slipway completion bash)", "zsh:  source <(slipway completion zsh)"})
final class CompletionCommand extends SlipwayCommand {
    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    @SuppressWarnings("NullAway.Init")
    private String shell;

    CompletionCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw CliException.usage("There is no completion for '" + shell + "'.", "Use bash or zsh.");
        }
        if (shell.equals("zsh")) {
            // The script is bash's; zsh understands it with this.
            console().out().println("autoload -U +X compinit && compinit");
            console().out().println("autoload -U +X bashcompinit && bashcompinit");
        }
        console().out().print(AutoComplete.bash("slipway", RootCommand.commandLine(console())));
        return 0;
    }
}
