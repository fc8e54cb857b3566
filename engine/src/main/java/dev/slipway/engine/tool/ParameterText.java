package dev.slipway.engine.tool;

import java.util.Optional;
import java.util.function.Consumer;

/** The text of one parameter on its way into JSON: strings go on as they come, other values when they are whole. */
final class ParameterText {
    private final Optional<ParameterType> type;
    private final Consumer<CharSequence> out;
    private final boolean streams;
    private final StringBuilder text = new StringBuilder();
    private boolean begun;
    private boolean newline;

    ParameterText(Optional<ParameterType> type, Consumer<CharSequence> out) {
        this.type = type;
        this.out = out;
        streams = type.map(ParameterType::isText).orElse(false);
    }

    void accept(char letter) {
        boolean first = !begun;
        begun = true;
        if (first && streams) {
            out.accept("\"");
        }
        if (first && letter == '\n') {
            return;
        }
        if (newline) {
            put('\n');
            newline = false;
        }
        if (letter == '\n') {
            newline = true;
        } else {
            put(letter);
        }
    }

    private void put(char letter) {
        if (streams) {
            StringBuilder escaped = new StringBuilder(6);
            JsonStrings.escape(letter, escaped);
            out.accept(escaped);
        } else {
            text.append(letter);
        }
    }

    /** The value is whole; a newline at its end belonged to the markup. */
    void end() {
        if (streams) {
            out.accept(begun ? "\"" : "\"\"");
        } else {
            String whole = text.toString();
            out.accept(type.map(known -> known.json(whole)).orElseGet(() -> ParameterType.guessed(whole)));
        }
    }
}
