package dev.slipway.engine.tool;

import java.util.Optional;

/**
 * The body of one {@code <tool_call>} as it arrives: a JSON object with a {@code name} and {@code arguments}.
 *
 * <p>Arguments may be an object, a string that holds an object, {@code null} or absent, which both mean {@code {}}.
 * Other members are skipped; only {@code parameters} in place of {@code arguments} is refused, because taking such a
 * call without its values would be worse than showing it.
 */
final class HermesCall {
    private final JsonScanner json = new JsonScanner();
    private final StringBuilder token = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();
    private Optional<String> name = Optional.empty();
    private Member member = Member.NONE;
    private boolean afterKey;
    private boolean hasArguments;
    private boolean hasParameters;
    private boolean broken;

    /** The member of the outer object whose value is being read. */
    private enum Member {
        NONE,
        NAME,
        ARGUMENTS,
        OTHER
    }

    /** Takes the next character; false when the body cannot become a call any more. */
    boolean accept(char letter) {
        int depthBefore = json.depth();
        boolean stringBefore = json.inString();
        if (json.accept(letter) == JsonScanner.State.BROKEN) {
            return false;
        }
        if (depthBefore == 0) {
            return letter == '{' || isSpace(letter);
        }
        if (afterKey && depthBefore == 1 && !stringBefore && (letter == ',' || letter == '}') && json.depth() <= 1) {
            endMember();
        } else if (afterKey) {
            read(letter);
        } else {
            readKey(letter, stringBefore);
        }
        return !broken && !(json.state() == JsonScanner.State.COMPLETE && !isCall());
    }

    private void readKey(char letter, boolean stringBefore) {
        if (stringBefore || json.inString()) {
            token.append(letter);
        } else if (letter == ':') {
            String key = JsonStrings.unquote(token);
            token.setLength(0);
            afterKey = true;
            member = switch (key) {
                case "name" -> Member.NAME;
                case "arguments" -> Member.ARGUMENTS;
                default -> Member.OTHER;
            };
            hasParameters |= key.equals("parameters");
            broken |= (member == Member.NAME && name.isPresent()) || (member == Member.ARGUMENTS && hasArguments);
            hasArguments |= member == Member.ARGUMENTS;
        }
    }

    private void read(char letter) {
        if (isSpace(letter) && json.depth() == 1 && !json.inString()) {
            return;
        }
        if (member == Member.NAME) {
            token.append(letter);
        } else if (member == Member.ARGUMENTS) {
            arguments.append(letter);
            char first = arguments.charAt(0);
            broken |= first != '{' && first != '"' && first != 'n';
        }
    }

    private void endMember() {
        if (member == Member.NAME) {
            String literal = token.toString();
            token.setLength(0);
            if (literal.length() > 2 && literal.startsWith("\"")) {
                name = Optional.of(JsonStrings.unquote(literal));
            } else {
                broken = true;
            }
        } else if (member == Member.ARGUMENTS && arguments.charAt(0) != '{') {
            String literal = arguments.toString();
            String text =
                    literal.equals("null") ? "" : JsonStrings.unquote(literal).strip();
            arguments.setLength(0);
            arguments.append(text.isEmpty() ? "{}" : text);
            broken |= !JsonStrings.isObject(arguments.toString());
        }
        afterKey = false;
        member = Member.NONE;
    }

    private boolean isCall() {
        return name.isPresent() && (hasArguments || !hasParameters);
    }

    /** Whether the outer object is closed. */
    boolean complete() {
        return json.state() == JsonScanner.State.COMPLETE;
    }

    /** The function's name once it is known. */
    Optional<String> name() {
        return name;
    }

    /** Whether the text of {@link #arguments} is a beginning of what it will be in the end. */
    boolean streams() {
        return hasArguments && !arguments.isEmpty() && arguments.charAt(0) == '{';
    }

    /** The arguments' JSON text as far as it is known. */
    CharSequence arguments() {
        return complete() && !hasArguments ? "{}" : arguments;
    }

    static boolean isSpace(char letter) {
        return letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t';
    }
}
