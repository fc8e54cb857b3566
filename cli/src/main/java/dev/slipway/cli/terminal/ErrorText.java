package dev.slipway.cli.terminal;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Errors as people, or programs, read them. */
public final class ErrorText {
    private ErrorText() {}

    /** Prints an error on {@code err} and returns the exit status for it. */
    public static int print(Console console, Throwable failure, boolean json, boolean debug) {
        if (json) {
            console.err().println(json(failure));
        } else {
            people(console, failure, debug);
        }
        return failure instanceof CodedException coded ? coded.kind().exitCode() : ErrorKind.FAILURE.exitCode();
    }

    private static void people(Console console, Throwable failure, boolean debug) {
        boolean colour = console.colourErr();
        console.err().println(Style.RED.on("error:", colour) + " " + message(failure));
        if (failure instanceof CodedException coded) {
            if (!coded.hint().isEmpty()) {
                console.err().println(" next: " + coded.hint());
            }
            console.err().println(Style.DIM.on(" code: " + coded.code(), colour));
        } else if (!debug) {
            console.err().println(" next: Run the command again with --debug and report what it prints.");
        }
        if (debug) {
            console.err().println();
            console.err().print(stack(failure));
            console.err()
                    .println("java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                            + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        }
    }

    private static String message(Throwable failure) {
        return failure instanceof CodedException coded
                ? coded.getMessage()
                : "This should not have happened: " + failure;
    }

    private static String stack(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String json(Throwable failure) {
        JsonText json = new JsonText().open();
        if (failure instanceof CodedException coded) {
            json.field("code", coded.code())
                    .field("message", coded.getMessage())
                    .field("hint", coded.hint())
                    .field("retryable", coded.retryable());
        } else {
            json.field("code", "cli.unexpected")
                    .field("message", message(failure))
                    .field("hint", "")
                    .field("retryable", false);
        }
        return json.close().toString();
    }
}
