package dev.slipway.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command reads and prints: results on {@code out}, everything else on {@code err}.
 *
 * @param terminals which of the three streams is a terminal
 * @param environment the variables that commands look at
 */
public record Console(
        InputStream in, PrintStream out, PrintStream err, Terminals terminals, Map<String, String> environment) {
    /** Which streams are terminals. */
    public record Terminals(boolean in, boolean out, boolean err) {
        public static final Terminals NONE = new Terminals(false, false, false);
    }

    /** The streams of this process. */
    public static Console system() {
        return new Console(
                System.in,
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                new Terminals(isTerminal(0), isTerminal(1), isTerminal(2)),
                System.getenv());
    }

    /** The JDK tells only for all streams together; the kernel tells for each. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            java.io.Console console = System.console();
            return console != null && console.isTerminal();
        }
    }

    /** Whether {@code err} may be written over, line by line. */
    public boolean redrawsErrors() {
        return terminals.err() && !dumb();
    }

    /** Whether text on {@code out} may be coloured. */
    public boolean colourOut() {
        return colour(terminals.out());
    }

    /** Whether text on {@code err} may be coloured. */
    public boolean colourErr() {
        return colour(terminals.err());
    }

    private boolean colour(boolean terminal) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return false;
        }
        if (!environment.getOrDefault("CLICOLOR_FORCE", "0").equals("0")) {
            return true;
        }
        return terminal && !dumb();
    }

    private boolean dumb() {
        return environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** How wide {@code err} is, in columns; asks nobody, as that would cost more than it is worth. */
    public int width() {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 80;
    }
}
