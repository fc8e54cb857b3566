package dev.slipway.engine.tool;

import java.util.Optional;
import java.util.Set;

/**
 * One call as a JSON object with a {@code name} and {@code arguments}, or {@code parameters} as Llama writes.
 *
 * <p>Arguments may be an object, a string that holds an object, {@code null} or absent, which both mean {@code {}}.
 */
final class JsonCall {
    /**
     * What counts as a call.
     *
     * @param declared the tools that there are
     * @param bare whether nothing but the object itself marks a call; then the name has to be that of a declared tool,
     *     and no other members are allowed than calls have
     */
    record Rules(DeclaredTools declared, boolean bare) {}

    private static final Set<String> MEMBERS = Set.of("name", "arguments", "parameters", "id", "type");

    private final Rules rules;
    private final CallBuffer calls;
    private final JsonScanner json = new JsonScanner();
    private final StringBuilder token = new StringBuilder();
    /** Arguments that wait for the name, or for the end of the string that holds them. */
    private final StringBuilder waiting = new StringBuilder();

    private Optional<String> id = Optional.empty();
    private Member member = Member.NONE;
    private boolean afterKey;
    private boolean named;
    private boolean hasArguments;
    private boolean argumentsAreObject;
    private boolean broken;

    /** The member of the outer object whose value is being read. */
    private enum Member {
        NONE,
        NAME,
        ARGUMENTS,
        ID,
        OTHER
    }

    JsonCall(Rules rules, CallBuffer calls) {
        this.rules = rules;
        this.calls = calls;
    }

    /** Takes the next character; false when the object cannot become a call any more. */
    boolean accept(char letter) {
        int depthBefore = json.depth();
        boolean stringBefore = json.inString();
        if (json.accept(letter) == JsonScanner.State.BROKEN) {
            return false;
        }
        if (depthBefore == 0) {
            return letter == '{' || JsonScanner.isSpace(letter);
        }
        if (afterKey && depthBefore == 1 && !stringBefore && (letter == ',' || letter == '}') && json.depth() <= 1) {
            endMember();
        } else if (afterKey) {
            read(letter);
        } else {
            readKey(letter, stringBefore);
        }
        if (complete() && !broken) {
            end();
        }
        return !broken;
    }

    private void readKey(char letter, boolean stringBefore) {
        if (stringBefore || json.inString()) {
            token.append(letter);
            broken |= rules.bare() && !mayBeMember();
        } else if (letter == ':') {
            String key = JsonStrings.unquote(token);
            token.setLength(0);
            afterKey = true;
            member = switch (key) {
                case "name" -> Member.NAME;
                case "arguments", "parameters" -> Member.ARGUMENTS;
                case "id" -> Member.ID;
                default -> Member.OTHER;
            };
            broken |= (member == Member.NAME && named) || (member == Member.ARGUMENTS && hasArguments);
            hasArguments |= member == Member.ARGUMENTS;
        }
    }

    private boolean mayBeMember() {
        String soFar = token.substring(1);
        return soFar.endsWith("\"")
                ? MEMBERS.contains(soFar.substring(0, soFar.length() - 1))
                : MEMBERS.stream().anyMatch(name -> name.startsWith(soFar));
    }

    private void read(char letter) {
        if (JsonScanner.isSpace(letter) && json.depth() == 1 && !json.inString()) {
            return;
        }
        switch (member) {
            case NAME -> {
                token.append(letter);
                broken |= rules.bare() && !mayBeName();
            }
            case ARGUMENTS -> argument(letter);
            case ID -> token.append(letter);
            case NONE, OTHER -> {}
        }
    }

    private boolean mayBeName() {
        boolean closed = token.length() > 1 && !json.inString();
        int end = token.length() - (closed ? 1 : 0);
        String soFar = token.substring(Math.min(1, end), end);
        if (soFar.indexOf('\\') >= 0) {
            // Written with escapes, it is known when it is whole.
            return true;
        }
        return token.charAt(0) == '"'
                && (closed ? rules.declared().has(soFar) : rules.declared().beginsWith(soFar));
    }

    private void argument(char letter) {
        if (!argumentsAreObject && waiting.isEmpty()) {
            argumentsAreObject = letter == '{';
            broken |= letter != '{' && letter != '"' && letter != 'n';
        }
        if (argumentsAreObject && named) {
            calls.arguments(String.valueOf(letter));
        } else {
            waiting.append(letter);
        }
    }

    private void endMember() {
        if (member == Member.NAME) {
            endName();
        } else if (member == Member.ID) {
            if (token.length() > 2 && token.charAt(0) == '"') {
                id = Optional.of(JsonStrings.unquote(token));
                if (named) {
                    calls.id(id.get());
                }
            }
            token.setLength(0);
        } else if (member == Member.ARGUMENTS && !argumentsAreObject) {
            String literal = waiting.toString();
            String text =
                    literal.equals("null") ? "" : JsonStrings.unquote(literal).strip();
            waiting.setLength(0);
            waiting.append(text.isEmpty() ? "{}" : text);
            broken |= !JsonStrings.isObject(waiting.toString());
            argumentsAreObject = true;
            passWaiting();
        }
        afterKey = false;
        member = Member.NONE;
    }

    private void endName() {
        boolean text = token.length() > 2 && token.charAt(0) == '"';
        String name = text ? JsonStrings.unquote(token) : "";
        token.setLength(0);
        if (name.isEmpty() || (rules.bare() && !rules.declared().has(name))) {
            broken = true;
            return;
        }
        named = true;
        calls.begin(name);
        id.ifPresent(calls::id);
        passWaiting();
    }

    private void passWaiting() {
        if (named && argumentsAreObject && !broken) {
            calls.arguments(waiting);
            waiting.setLength(0);
        }
    }

    private void end() {
        if (!named) {
            broken = true;
            return;
        }
        if (!hasArguments) {
            calls.arguments("{}");
        }
        calls.end();
    }

    /** Whether the object is closed. */
    boolean complete() {
        return json.state() == JsonScanner.State.COMPLETE;
    }
}
