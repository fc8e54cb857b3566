package dev.slipway.cli.command;

import dev.slipway.base.ByteSize;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.Table;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ModelConfigs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code slipway model list}. */
@Command(name = "list", aliases = "ls", description = "List the models that are configured.")
final class ModelListCommand extends SlipwayCommand {
    ModelListCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        ModelConfigs configs = ModelConfigs.of(global.home(console().environment()));
        List<ModelConfig> models = configs.all();
        if (global.json) {
            console().out().println(JsonText.array(models, ModelListCommand::write));
        } else if (models.isEmpty()) {
            console().err().println("No model is configured.");
        } else {
            Table table = new Table("NAME", "BACKEND", "SIZE", "FILE");
            models.forEach(model -> table.row(
                    model.name(), model.backend(), size(model), model.file().toString()));
            table.print(console().out());
        }
        configs.problems()
                .forEach(problem -> console()
                        .err()
                        .println("warning: " + problem.error().getMessage() + " "
                                + problem.error().hint()));
        return 0;
    }

    private static void write(JsonText json, ModelConfig model) {
        json.open()
                .field("name", model.name())
                .field("description", model.description())
                .field("backend", model.backend())
                .field("file", model.file().toString())
                .field("bytes", bytes(model))
                .field("config", model.source().toString())
                .close();
    }

    private static String size(ModelConfig model) {
        long bytes = bytes(model);
        return bytes < 0 ? "missing" : new ByteSize(bytes).toString();
    }

    private static long bytes(ModelConfig model) {
        try {
            return Files.size(model.file());
        } catch (IOException e) {
            return -1;
        }
    }
}
