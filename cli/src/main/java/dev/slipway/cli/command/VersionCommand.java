package dev.slipway.cli.command;

import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.server.SlipwayVersion;
import picocli.CommandLine.Command;

/** {@code slipway version}. */
@Command(name = "version", description = "Show which Slipway, Java and system this is.")
final class VersionCommand extends SlipwayCommand {
    VersionCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        String system = System.getProperty("os.name") + "/" + System.getProperty("os.arch");
        if (global.json) {
            console()
                    .out()
                    .println(new JsonText()
                            .open()
                            .field("version", SlipwayVersion.current())
                            .field("java", Runtime.version().toString())
                            .field("system", system)
                            .close());
        } else {
            console()
                    .out()
                    .println("slipway " + SlipwayVersion.current() + " (Java " + Runtime.version() + ", " + system
                            + ")");
        }
        return 0;
    }
}
