package dev.slipway.cli.command;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.gallery.Installation;
import dev.slipway.gallery.InstalledBackend;
import dev.slipway.server.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code slipway backend install}. */
@Command(name = "install", description = "Install a backend from the gallery; does nothing when it is there.")
final class BackendInstallCommand extends SlipwayCommand {
    @Parameters(paramLabel = "NAME", description = "The backend's name, as 'slipway backend list' shows it.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    BackendInstallCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        LogSetup.install(console().err(), global.debug);
        Backends backends = Backends.open(global.home(console().environment()));
        Installation done;
        try (ProgressDisplay progress = new ProgressDisplay(console())) {
            done = backends.install(name, progress, Cancellation.never());
        }
        InstalledBackend backend = done.backend();
        if (global.json) {
            console()
                    .out()
                    .println(new JsonText()
                            .open()
                            .field("name", backend.name())
                            .field("folder", backend.folder().toString())
                            .field("digest", backend.metadata().digest())
                            .field("changed", done.changed())
                            .field("bytesFetched", done.bytesFetched())
                            .close());
        } else {
            console()
                    .out()
                    .println(
                            done.changed()
                                    ? "Installed " + backend.name() + " in " + backend.folder() + " ("
                                            + new ByteSize(done.bytesFetched()) + " fetched)."
                                    : backend.name() + " is installed in " + backend.folder() + " already.");
        }
        return 0;
    }
}
