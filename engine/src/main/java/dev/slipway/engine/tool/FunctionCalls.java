package dev.slipway.engine.tool;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Functions with parameters as Qwen3-Coder writes them: {@code <function=name>}, any number of
 * {@code <parameter=key>value</parameter>}, {@code </function>}. Values have no quotes; the declared schema says what
 * they are. One newline after a parameter's opening tag and one before its closing tag belong to the markup.
 */
final class FunctionCalls implements CallReader {
    static final String FUNCTION_OPEN = "<function=";
    static final String FUNCTION_CLOSE = "</function>";
    private static final String PARAMETER_OPEN = "<parameter=";
    private static final String PARAMETER_CLOSE = "</parameter>";
    private static final int MAX_NAME = 256;

    private final DeclaredTools declared;
    private final CallBuffer calls;
    private final boolean alone;
    private final StringBuilder tag = new StringBuilder();
    private final StringBuilder name = new StringBuilder();
    private final Set<String> keys = new HashSet<>();
    private String function = "";
    private ParameterText value = new ParameterText(Optional.empty(), text -> {});
    private Part part = Part.OUTSIDE;
    private boolean any;

    private enum Part {
        OUTSIDE,
        FUNCTION_NAME,
        INSIDE,
        KEY,
        VALUE
    }

    /**
     * A reader.
     *
     * @param alone whether a single function stands without {@code <tool_call>} around it; then it has to be a declared
     *     one
     */
    FunctionCalls(DeclaredTools declared, CallBuffer calls, boolean alone) {
        this.declared = declared;
        this.calls = calls;
        this.alone = alone;
    }

    @Override
    public Progress accept(char letter) {
        return switch (part) {
            case OUTSIDE -> outside(letter);
            case FUNCTION_NAME -> functionName(letter);
            case INSIDE -> inside(letter);
            case KEY -> key(letter);
            case VALUE -> value(letter);
        };
    }

    private Progress outside(char letter) {
        return switch (matched(letter, List.of(FUNCTION_OPEN, TaggedCalls.CLOSE))) {
            case FUNCTION_OPEN -> in(Part.FUNCTION_NAME);
            case TaggedCalls.CLOSE -> any && !alone ? Progress.COMPLETE : Progress.BROKEN;
            default -> maybe();
        };
    }

    private Progress functionName(char letter) {
        if (letter != '>') {
            return inName(letter) && (!alone || declared.beginsWith(name.toString())) ? Progress.OPEN : Progress.BROKEN;
        }
        function = name.toString();
        name.setLength(0);
        if (function.isEmpty() || (alone && !declared.has(function))) {
            return Progress.BROKEN;
        }
        calls.begin(function);
        calls.arguments("{");
        keys.clear();
        return in(Part.INSIDE);
    }

    private Progress inside(char letter) {
        return switch (matched(letter, List.of(PARAMETER_OPEN, FUNCTION_CLOSE))) {
            case PARAMETER_OPEN -> in(Part.KEY);
            case FUNCTION_CLOSE -> {
                calls.arguments("}");
                calls.end();
                any = true;
                yield alone ? Progress.COMPLETE : in(Part.OUTSIDE);
            }
            default -> maybe();
        };
    }

    private Progress key(char letter) {
        if (letter != '>') {
            return inName(letter) ? Progress.OPEN : Progress.BROKEN;
        }
        String key = name.toString();
        name.setLength(0);
        if (key.isEmpty() || !keys.add(key)) {
            return Progress.BROKEN;
        }
        calls.arguments((keys.size() > 1 ? ", " : "") + JsonStrings.quote(key) + ": ");
        value = new ParameterText(declared.type(function, key), calls::arguments);
        return in(Part.VALUE);
    }

    private boolean inName(char letter) {
        name.append(letter);
        return letter > ' ' && letter != '<' && name.length() <= MAX_NAME;
    }

    private Progress value(char letter) {
        if (tag.isEmpty() && letter != '<') {
            value.accept(letter);
            return Progress.OPEN;
        }
        tag.append(letter);
        if (PARAMETER_CLOSE.contentEquals(tag)) {
            value.end();
            return in(Part.INSIDE);
        }
        if (!PARAMETER_CLOSE.startsWith(tag.toString())) {
            for (int i = 0; i < tag.length() - 1; i++) {
                value.accept(tag.charAt(i));
            }
            tag.setLength(0);
            if (letter == '<') {
                tag.append(letter);
            } else {
                value.accept(letter);
            }
        }
        return Progress.OPEN;
    }

    /** The tag that the letter completes, else an empty text. */
    private String matched(char letter, List<String> wanted) {
        if (tag.isEmpty() && JsonScanner.isSpace(letter)) {
            return "";
        }
        tag.append(letter);
        return wanted.stream()
                .filter(whole -> whole.contentEquals(tag))
                .findFirst()
                .orElse("");
    }

    /** Open while what has come can still become a tag. */
    private Progress maybe() {
        String soFar = tag.toString();
        List<String> wanted = part == Part.OUTSIDE
                ? List.of(FUNCTION_OPEN, TaggedCalls.CLOSE)
                : List.of(PARAMETER_OPEN, FUNCTION_CLOSE);
        return wanted.stream().anyMatch(whole -> whole.startsWith(soFar)) ? Progress.OPEN : Progress.BROKEN;
    }

    private Progress in(Part next) {
        tag.setLength(0);
        part = next;
        return Progress.OPEN;
    }
}
