package dev.slipway.cli.command;

import dev.slipway.base.ErrorKind;
import dev.slipway.cli.CliException;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.engine.ChatPrompts;
import dev.slipway.engine.tokenizer.Tokenizers;
import dev.slipway.engine.tool.ReasoningParsers;
import dev.slipway.engine.tool.ToolParsers;
import dev.slipway.model.OpenModel;
import dev.slipway.server.ModelConfigs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway template}. */
@Command(
        name = "template",
        description = {
            "Show the prompt that a conversation becomes.",
            "",
            "Messages and tools are JSON as in a request to /v1/chat/completions, or @FILE",
            "for a file that holds it; @- reads standard input. The prompt is printed as it",
            "is, without a line end of its own.",
            ""
        })
final class TemplateCommand extends SlipwayCommand {
    private static final long MOST_BYTES = 64L << 20;

    @Parameters(
            paramLabel = "FILE",
            description = "A GGUF file, a Hugging Face folder, a name from 'slipway model list', or a .jinja file.")
    private String file = "";

    @Option(names = "--messages", paramLabel = "JSON|@FILE", required = true, description = "The conversation.")
    private String messages = "";

    @Option(names = "--tools", paramLabel = "JSON|@FILE", description = "The tools that are offered.")
    private String tools = "";

    @Option(
            names = "--arguments",
            paramLabel = "JSON|@FILE",
            description = "More variables for the template, such as '{\"enable_thinking\": false}'.")
    private String arguments = "";

    @Option(names = "--no-generation-prompt", description = "Do not begin an answer.")
    private boolean noGenerationPrompt;

    TemplateCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        LogSetup.install(console().err(), global.debug);
        List<Map<String, Object>> conversation = ConversationText.messages("--messages", text(messages));
        List<Map<String, Object>> offered = ConversationText.objects("--tools", text(tools));
        Map<String, Object> variables = new LinkedHashMap<>(ConversationText.object("--arguments", text(arguments)));
        if (noGenerationPrompt) {
            variables.put("add_generation_prompt", false);
        }
        Source source = open();
        String prompt = source.prompts.render(conversation, offered, variables).text();
        if (global.json) {
            String template = source.prompts.source(!offered.isEmpty());
            ToolParsers.Choice calls = ToolParsers.choose("", template, source.architecture);
            ReasoningParsers.Choice thinking = ReasoningParsers.choose("", template);
            console()
                    .out()
                    .println(new JsonText()
                            .open()
                            .field("prompt", prompt)
                            .field("template", source.prompts.origin())
                            .field("tool_parser", calls.form().label())
                            .field("tool_parser_reason", calls.reason())
                            .field("reasoning_parser", thinking.label())
                            .field("reasoning_parser_reason", thinking.reason())
                            .close());
        } else {
            console().out().print(prompt);
            if (console().terminals().out() && !prompt.endsWith("\n")) {
                console().out().println();
            }
            console().out().flush();
        }
        return 0;
    }

    private record Source(ChatPrompts prompts, String architecture) {}

    private Source open() {
        Path path = Path.of(file);
        if (file.endsWith(".jinja")) {
            return new Source(ChatPrompts.of(read(path)), "");
        }
        if (!Files.exists(path)) {
            path = ModelConfigs.of(global.home(console().environment()))
                    .find(file)
                    .file();
        }
        try (OpenModel model = OpenModel.open(path)) {
            return new Source(ChatPrompts.of(model, Tokenizers.from(model)), model.architecture());
        }
    }

    /** What an argument says, or the file that it names. */
    private String text(String argument) {
        if (!argument.startsWith("@")) {
            return argument;
        }
        return argument.equals("@-") ? input() : read(Path.of(argument.substring(1)));
    }

    private String input() {
        try {
            return new String(console().in().readNBytes((int) MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unreadable("standard input", e);
        }
    }

    private static String read(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes((int) MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unreadable(path.toString(), e);
        }
    }

    private static CliException unreadable(String what, IOException cause) {
        return new CliException(
                "cli.unreadable-input",
                ErrorKind.NOT_FOUND,
                "Could not read " + what + ": " + cause.getMessage() + ".",
                "Name a file that can be read.",
                cause);
    }
}
