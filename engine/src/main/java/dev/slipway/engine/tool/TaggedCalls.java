package dev.slipway.engine.tool;

/**
 * What stands between {@code <tool_call>} and {@code </tool_call>}, the closing tag included: JSON as Hermes writes it,
 * or functions as Qwen3-Coder writes them. Both are read whichever the model was made for, so that no call is lost to a
 * model that falls back on the other form.
 */
final class TaggedCalls implements CallReader {
    static final String OPEN = "<tool_call>";
    static final String CLOSE = "</tool_call>";

    private final JsonCalls json;
    private final FunctionCalls functions;
    private final StringBuilder tag = new StringBuilder();
    private Part part = Part.START;

    private enum Part {
        START,
        JSON,
        FUNCTIONS,
        END
    }

    TaggedCalls(DeclaredTools declared, CallBuffer calls) {
        json = new JsonCalls(new JsonCall.Rules(declared, false), calls);
        functions = new FunctionCalls(declared, calls, false);
    }

    @Override
    public Progress accept(char letter) {
        return switch (part) {
            case START -> {
                if (JsonScanner.isSpace(letter)) {
                    yield Progress.OPEN;
                }
                part = letter == '<' ? Part.FUNCTIONS : Part.JSON;
                yield accept(letter);
            }
            case FUNCTIONS -> functions.accept(letter);
            case JSON -> {
                Progress progress = json.accept(letter);
                if (progress == Progress.COMPLETE) {
                    part = Part.END;
                    yield Progress.OPEN;
                }
                yield progress;
            }
            case END -> {
                if (tag.isEmpty() && JsonScanner.isSpace(letter)) {
                    yield Progress.OPEN;
                }
                tag.append(letter);
                if (CLOSE.contentEquals(tag)) {
                    yield Progress.COMPLETE;
                }
                yield CLOSE.startsWith(tag.toString()) ? Progress.OPEN : Progress.BROKEN;
            }
        };
    }
}
