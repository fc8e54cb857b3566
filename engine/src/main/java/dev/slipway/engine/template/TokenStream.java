package dev.slipway.engine.template;

import java.util.List;

/** Tokens with a place in them. */
final class TokenStream {
    private final List<Token> tokens;
    private int at;
    private int nesting;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peekSecond() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    int line() {
        return peek().line();
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }

    boolean skipOperator(String operator) {
        boolean found = peek().isOperator(operator);
        if (found) {
            at++;
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = peek().isName(name);
        if (found) {
            at++;
        }
        return found;
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw TemplateFault.error("'" + operator + "' was expected, and " + peek().describe() + " stands there");
        }
    }

    Token expect(Token.Kind kind, String what) {
        if (peek().kind() != kind) {
            throw TemplateFault.error(what + " was expected, and " + peek().describe() + " stands there");
        }
        return next();
    }

    /** Goes one level into brackets or statements. */
    void enter() {
        if (++nesting > Limits.MAX_NESTING) {
            throw TemplateFault.limit("it is nested more than " + Limits.MAX_NESTING + " levels deep");
        }
    }

    void leave() {
        nesting--;
    }
}
