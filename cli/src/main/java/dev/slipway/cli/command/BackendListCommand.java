package dev.slipway.cli.command;

import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.Table;
import dev.slipway.server.BackendStatus;
import dev.slipway.server.Backends;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code slipway backend list}. */
@Command(name = "list", aliases = "ls", description = "List the backends that are installed or offered.")
final class BackendListCommand extends SlipwayCommand {
    BackendListCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        List<BackendStatus> backends =
                Backends.open(global.home(console().environment())).list();
        if (global.json) {
            console().out().println(JsonText.array(backends, BackendListCommand::write));
            return 0;
        }
        Table table = new Table("NAME", "STATE", "VERSION", "WHERE");
        for (BackendStatus backend : backends) {
            table.row(
                    backend.name(),
                    state(backend),
                    backend.version(),
                    backend.folder().map(Object::toString).orElse("slipway backend install " + backend.name()));
        }
        table.print(console().out());
        return 0;
    }

    private static String state(BackendStatus backend) {
        return backend.installed() ? "installed" : backend.problem().isEmpty() ? "offered" : "damaged";
    }

    private static void write(JsonText json, BackendStatus backend) {
        json.open()
                .field("name", backend.name())
                .field("state", state(backend))
                .field("description", backend.description())
                .field("version", backend.version())
                .field("digest", backend.digest())
                .field("folder", backend.folder().map(Object::toString).orElse(""))
                .field("problem", backend.problem())
                .close();
    }
}
