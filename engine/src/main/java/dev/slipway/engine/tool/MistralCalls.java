package dev.slipway.engine.tool;

/**
 * What follows {@code [TOOL_CALLS]} in answers of Mistral's models: an array of JSON objects, or one such object, or
 * {@code name[ARGS]{…}} with {@code [CALL_ID]id} before {@code [ARGS]} or without; older decoders lose {@code [ARGS]},
 * so a name with its arguments right behind it counts as well.
 */
final class MistralCalls implements CallReader {
    static final String OPEN = "[TOOL_CALLS]";
    static final String ARGUMENTS = "[ARGS]";
    static final String CALL_ID = "[CALL_ID]";
    private static final int MAX_NAME = 256;

    private final CallBuffer calls;
    private final JsonCalls json;
    private final JsonScanner arguments = new JsonScanner();
    private final StringBuilder word = new StringBuilder();
    private final StringBuilder tag = new StringBuilder();
    private Part part = Part.START;

    private enum Part {
        START,
        JSON,
        NAME,
        ID,
        BEFORE_ARGUMENTS,
        ARGUMENTS
    }

    MistralCalls(DeclaredTools declared, CallBuffer calls) {
        this.calls = calls;
        json = new JsonCalls(new JsonCall.Rules(declared, false), calls);
    }

    @Override
    public Progress accept(char letter) {
        return switch (part) {
            case START -> start(letter);
            case JSON -> json.accept(letter);
            case NAME, ID -> word(letter);
            case BEFORE_ARGUMENTS -> {
                if (JsonScanner.isSpace(letter)) {
                    yield Progress.OPEN;
                }
                part = Part.ARGUMENTS;
                yield letter == '{' ? accept(letter) : Progress.BROKEN;
            }
            case ARGUMENTS -> arguments(letter);
        };
    }

    private Progress start(char letter) {
        if (JsonScanner.isSpace(letter)) {
            return Progress.OPEN;
        }
        part = letter == '[' || letter == '{' ? Part.JSON : Part.NAME;
        return accept(letter);
    }

    private Progress word(char letter) {
        if (!tag.isEmpty() || letter == '[') {
            tag.append(letter);
            return tag();
        }
        if (letter == '{' && part == Part.NAME && !word.isEmpty()) {
            endWord(Part.ARGUMENTS);
            return accept(letter);
        }
        if (JsonScanner.isSpace(letter)) {
            return word.isEmpty() || part == Part.ID ? Progress.OPEN : Progress.BROKEN;
        }
        word.append(letter);
        boolean fits = Character.isLetterOrDigit(letter) || "_-.:/".indexOf(letter) >= 0;
        return fits && word.length() <= MAX_NAME ? Progress.OPEN : Progress.BROKEN;
    }

    private Progress tag() {
        String soFar = tag.toString();
        if (word.isEmpty()) {
            return Progress.BROKEN;
        }
        if (soFar.equals(ARGUMENTS)) {
            endWord(Part.BEFORE_ARGUMENTS);
        } else if (soFar.equals(CALL_ID) && part == Part.NAME) {
            endWord(Part.ID);
        } else if (!ARGUMENTS.startsWith(soFar) && !(CALL_ID.startsWith(soFar) && part == Part.NAME)) {
            return Progress.BROKEN;
        }
        return Progress.OPEN;
    }

    private void endWord(Part next) {
        if (part == Part.NAME) {
            calls.begin(word.toString());
        } else {
            calls.id(word.toString());
        }
        word.setLength(0);
        tag.setLength(0);
        part = next;
    }

    private Progress arguments(char letter) {
        JsonScanner.State state = arguments.accept(letter);
        if (state == JsonScanner.State.BROKEN) {
            return Progress.BROKEN;
        }
        calls.arguments(String.valueOf(letter));
        if (state == JsonScanner.State.OPEN) {
            return Progress.OPEN;
        }
        calls.end();
        return Progress.COMPLETE;
    }
}
