package dev.slipway.cli.chat;

import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.Style;

/** Prints an answer as it comes, and keeps its text. */
public final class AnswerPrinter implements ChatClient.AnswerListener {
    private final Console console;
    private final StringBuilder text = new StringBuilder();
    private boolean midLine;

    public AnswerPrinter(Console console) {
        this.console = console;
    }

    @Override
    public void onText(String piece) {
        text.append(piece);
        print(piece);
    }

    @Override
    public void onReasoning(String piece) {
        // Not part of the answer, so it must not come into what the answer is piped into.
        console.err().print(Style.DIM.on(piece, console.colourErr()));
        console.err().flush();
    }

    @Override
    public void onToolCall(String name, String arguments) {
        if (midLine) {
            print("\n");
        }
        print("[calls " + name + " with " + arguments + "]");
    }

    private void print(String piece) {
        console.out().print(piece);
        console.out().flush();
        midLine = !piece.endsWith("\n");
    }

    /** Ends the last line. */
    public void end(boolean stopped) {
        if (midLine) {
            console.out().println();
        }
        if (stopped) {
            console.err().println(Style.DIM.on("(stopped)", console.colourErr()));
        }
        console.out().flush();
    }

    String text() {
        return text.toString();
    }
}
