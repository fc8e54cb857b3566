package dev.slipway.engine.tool;

import java.util.Optional;

/** One call as a JSON object, or several as an array of such. */
final class JsonCalls implements CallReader {
    private final JsonCall.Rules rules;
    private final CallBuffer calls;
    private final JsonScanner whole = new JsonScanner();
    private JsonCall call;
    private boolean array;
    private boolean inCall;
    private boolean broken;

    JsonCalls(JsonCall.Rules rules, CallBuffer calls) {
        this.rules = rules;
        this.calls = calls;
        call = new JsonCall(rules, calls);
    }

    @Override
    public Progress accept(char letter) {
        int depthBefore = whole.depth();
        JsonScanner.State state = whole.accept(letter);
        if (state == JsonScanner.State.BROKEN || !fits(letter, depthBefore)) {
            broken = true;
            return Progress.BROKEN;
        }
        return state == JsonScanner.State.COMPLETE ? Progress.COMPLETE : Progress.OPEN;
    }

    private boolean fits(char letter, int depthBefore) {
        if (inCall) {
            boolean fits = call.accept(letter);
            inCall = !call.complete();
            return fits;
        }
        if (JsonScanner.isSpace(letter)) {
            return true;
        }
        if (depthBefore == 0 && letter == '[') {
            array = true;
            return true;
        }
        if (letter == '{') {
            call = new JsonCall(rules, calls);
            inCall = true;
            return call.accept(letter);
        }
        // Commas between calls, and the end of an array that is not empty.
        return array && call.complete() && (letter == ',' || letter == ']');
    }

    @Override
    public Optional<JsonScanner> plainValue() {
        return broken && whole.state() != JsonScanner.State.BROKEN ? Optional.of(whole) : Optional.empty();
    }
}
