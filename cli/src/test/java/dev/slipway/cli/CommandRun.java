package dev.slipway.cli;

import dev.slipway.cli.terminal.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** How a command ended, and what it printed. */
public record CommandRun(int status, String out, String err) {
    /** Runs a command in this process, without terminals. */
    public static CommandRun of(Map<String, String> environment, String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Console.Terminals.NONE,
                new HashMap<>(environment));
        int status = SlipwayMain.run(console, arguments);
        return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs a command over a home. */
    public static CommandRun inHome(Path home, String... arguments) {
        return of(Map.of("SLIPWAY_HOME", home.toString()), "", arguments);
    }
}
