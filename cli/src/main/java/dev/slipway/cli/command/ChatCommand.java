package dev.slipway.cli.command;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.cli.CliException;
import dev.slipway.cli.chat.AnswerPrinter;
import dev.slipway.cli.chat.ChatClient;
import dev.slipway.cli.chat.ChatLoop;
import dev.slipway.cli.chat.ChatTurns;
import dev.slipway.cli.chat.RunningAnswer;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.server.ServerOptions;
import dev.slipway.server.SlipwayServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway chat}. */
@Command(
        name = "chat",
        description = {
            "Talk to a model.",
            "",
            "A server at --url, $SLIPWAY_URL or http://127.0.0.1:8080 is used when one runs; else what is needed",
            "is started for as long as the chat lasts. With a question, or with text on standard input, the answer",
            "is printed and the command ends. Ctrl-C stops an answer, Ctrl-D leaves.",
            ""
        })
final class ChatCommand extends SlipwayCommand {
    private static final String DEFAULT_URL = "http://127.0.0.1:" + ListenAddress.DEFAULT_PORT;

    @Parameters(
            arity = "0..*",
            paramLabel = "[MODEL] [QUESTION...]",
            hideParamSyntax = true,
            description = "The model (default: the only one there is), and what to ask it.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--url", paramLabel = "URL", description = "The server to use.")
    private @Nullable URI url;

    @Option(names = "--system", paramLabel = "TEXT", description = "What to tell the model first.")
    private String system = "";

    @Option(names = "--temperature", paramLabel = "T", description = "0 takes the likeliest answer, up to 2.")
    private @Nullable Double temperature;

    ChatCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        LogSetup.install(console().err(), global.debug);
        URI wanted = wantedUrl();
        if (wanted != null) {
            return talk(wanted);
        }
        URI usual = URI.create(DEFAULT_URL);
        if (runs(usual)) {
            return talk(usual);
        }
        try (SlipwayServer server = startOwn()) {
            return talk(server.uri());
        }
    }

    private SlipwayServer startOwn() {
        InetSocketAddress anyPort = new InetSocketAddress("127.0.0.1", 0);
        ServerOptions options = ServerOptions.of(global.home(console().environment()), anyPort);
        try (ProgressDisplay progress = new ProgressDisplay(console())) {
            return SlipwayServer.start(options, progress, Cancellation.never());
        }
    }

    private @Nullable URI wantedUrl() {
        String variable = console().environment().getOrDefault("SLIPWAY_URL", "");
        URI chosen = url == null && !variable.isBlank() ? URI.create(variable) : url;
        if (chosen != null && !"http".equals(chosen.getScheme()) && !"https".equals(chosen.getScheme())) {
            throw CliException.usage("'" + chosen + "' is not the address of a server.", "Write http://HOST:PORT.");
        }
        return chosen;
    }

    private static boolean runs(URI root) {
        try (ChatClient client = new ChatClient(root)) {
            return client.isSlipway();
        }
    }

    private int talk(URI root) {
        try (ChatClient client = new ChatClient(root)) {
            List<String> models = client.models();
            List<String> question = new ArrayList<>(words);
            String model = chooseModel(models, question);
            OptionalDouble heat = temperature == null ? OptionalDouble.empty() : OptionalDouble.of(temperature);
            ChatTurns turns = new ChatTurns(model, system, heat);
            if (!question.isEmpty()) {
                return once(client, turns, String.join(" ", question));
            }
            if (!console().terminals().in()) {
                return once(client, turns, standardInput());
            }
            console().err().println("Talking to " + model + ". /help explains, Ctrl-D leaves.");
            new ChatLoop(console(), client, turns, global.debug).run();
            return 0;
        }
    }

    /** Takes the model's name off the words when one of them is a name. */
    private static String chooseModel(List<String> models, List<String> question) {
        if (!question.isEmpty() && models.contains(question.getFirst())) {
            return question.removeFirst();
        }
        // A word that stands alone is meant as a model; more than one, or one with blanks, is meant as a question.
        boolean named = question.size() == 1 && !question.getFirst().contains(" ");
        if (!named && models.size() == 1) {
            return models.getFirst();
        }
        if (models.isEmpty()) {
            throw new CliException(
                    "cli.no-model",
                    ErrorKind.NOT_FOUND,
                    "There is no model to talk to.",
                    "Add one: a YAML file in the models folder of the home.",
                    null);
        }
        throw new CliException(
                "cli.unknown-model",
                ErrorKind.NOT_FOUND,
                named ? "There is no model '" + question.getFirst() + "'." : "There are several models.",
                "Name one of: " + String.join(", ", models) + ".",
                null);
    }

    private String standardInput() {
        try {
            String text = new String(console().in().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (text.isEmpty()) {
                throw CliException.usage("There is nothing to ask: standard input is empty.", "Write a question.");
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int once(ChatClient client, ChatTurns turns, String question) {
        turns.user(question);
        AnswerPrinter printer = new AnswerPrinter(console());
        try {
            client.ask(turns, new RunningAnswer(), printer);
        } finally {
            printer.end(false);
        }
        return 0;
    }
}
