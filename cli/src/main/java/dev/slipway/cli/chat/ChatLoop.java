package dev.slipway.cli.chat;

import dev.slipway.base.CodedException;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.ErrorText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Question and answer on a terminal. Ctrl-C stops the answer, Ctrl-D leaves. */
public final class ChatLoop {
    private static final String PROMPT = "> ";

    private final Console console;
    private final ChatClient client;
    private final ChatTurns turns;
    private final boolean debug;
    private final AtomicReference<RunningAnswer> running = new AtomicReference<>(new RunningAnswer());

    public ChatLoop(Console console, ChatClient client, ChatTurns turns, boolean debug) {
        this.console = console;
        this.client = client;
        this.turns = turns;
        this.debug = debug;
    }

    /** Talks until the person leaves. */
    public void run() {
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(true).build()) {
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
            // During an answer the terminal is ours; while a line is typed, the reader handles Ctrl-C itself.
            terminal.handle(Terminal.Signal.INT, _ -> running.get().stop());
            while (turn(reader)) {
                console.out().flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean turn(LineReader reader) {
        String line;
        try {
            line = reader.readLine(PROMPT).strip();
        } catch (UserInterruptException e) {
            console.err().println("Ctrl-D leaves.");
            return true;
        } catch (EndOfFileException e) {
            return false;
        }
        switch (line) {
            case "" -> {}
            case "/bye", "/exit", "/quit" -> {
                return false;
            }
            case "/clear" -> turns.clear();
            case "/help" -> console.err().println("/clear begins anew, /bye or Ctrl-D leaves, Ctrl-C stops an answer.");
            default -> answer(line);
        }
        return true;
    }

    private void answer(String question) {
        RunningAnswer answer = new RunningAnswer();
        running.set(answer);
        turns.user(question);
        AnswerPrinter printer = new AnswerPrinter(console);
        try {
            client.ask(turns, answer, printer);
            printer.end(answer.stopped());
            turns.assistant(printer.text());
        } catch (CodedException e) {
            printer.end(false);
            turns.undo();
            ErrorText.print(console, e, false, debug);
        }
    }
}
