package dev.slipway.cli.command;

import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.Style;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ModelConfigs;
import dev.slipway.server.SlipwayServer;
import dev.slipway.server.SlipwayVersion;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What {@code serve} says once it is ready. */
final class ReadyText {
    private ReadyText() {}

    static void print(Console console, SlipwayServer server, Duration took) {
        PrintStream out = console.out();
        String root = root(server);
        List<String> models = names(server);
        String seconds = String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
        out.println(Style.BOLD.on("Slipway " + SlipwayVersion.current() + " is ready", console.colourOut()) + " after "
                + seconds + ".");
        out.println("  API     " + root + "/v1");
        out.println("  models  " + (models.isEmpty() ? "none yet" : String.join(", ", models)));
        out.println("  home    " + server.home().folder());
        for (ModelConfigs.Problem problem : server.models().problems()) {
            out.println("  warning " + problem.error().getMessage() + " "
                    + problem.error().hint());
        }
        if (models.isEmpty()) {
            out.println("Add a model: a YAML file in " + server.home().models() + ".");
        } else {
            out.println("Try it:");
            out.println("  " + curl(root, models.getFirst()));
        }
        out.println("Stop with Ctrl-C.");
        out.flush();
    }

    static String json(SlipwayServer server) {
        return new JsonText()
                .open()
                .field("url", root(server))
                .field("models", names(server))
                .field("home", server.home().folder().toString())
                .close()
                .toString();
    }

    /** One line, so that it survives being pasted into any shell. */
    private static String curl(String root, String model) {
        return "curl -s " + root + "/v1/chat/completions -H 'Content-Type: application/json' -d '{\"model\": \"" + model
                + "\", \"messages\": [{\"role\": \"user\", \"content\": \"What is Slipway?\"}]}'";
    }

    private static String root(SlipwayServer server) {
        String uri = server.uri().toString();
        return uri.substring(0, uri.length() - 1);
    }

    private static List<String> names(SlipwayServer server) {
        return server.models().all().stream().map(ModelConfig::name).toList();
    }
}
