package dev.slipway.cli.terminal;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sends log lines to {@code err}: what a person should know, or with {@code --debug} everything of ours. */
public final class LogSetup {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    /** Loggers are held weakly by the JDK; a level would be lost with them. */
    private static final List<Logger> OURS = List.of(Logger.getLogger("dev.slipway"), Logger.getLogger(""));

    private LogSetup() {}

    public static void install(PrintStream err, boolean debug) {
        LogManager.getLogManager().reset();
        OURS.getFirst().setLevel(debug ? Level.FINE : Level.INFO);
        Logger root = OURS.getLast();
        // Of others, only what is fatal: what goes wrong in them reaches us as an exception.
        root.setLevel(Level.OFF);
        Handler handler = new LineHandler(err);
        handler.setLevel(Level.ALL);
        handler.setFormatter(new LineFormatter());
        root.addHandler(handler);
    }

    private static final class LineHandler extends Handler {
        private final PrintStream err;

        LineHandler(PrintStream err) {
            this.err = err;
        }

        @Override
        public void publish(LogRecord logged) {
            if (isLoggable(logged)) {
                err.print(getFormatter().format(logged));
            }
        }

        @Override
        public void flush() {
            err.flush();
        }

        @Override
        public void close() {
            err.flush();
        }
    }

    private static final class LineFormatter extends Formatter {
        @Override
        public String format(LogRecord logged) {
            String line = TIME.format(logged.getInstant()) + " "
                    + logged.getLevel().getName() + " " + formatMessage(logged) + "\n";
            Throwable thrown = logged.getThrown();
            if (thrown == null) {
                return line;
            }
            StringWriter stack = new StringWriter();
            thrown.printStackTrace(new PrintWriter(stack));
            return line + stack;
        }
    }
}
