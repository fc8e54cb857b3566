package dev.slipway.engine.template;

import dev.slipway.engine.template.Statement.Branch;
import dev.slipway.engine.template.Statement.Signature;
import dev.slipway.engine.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads statements: the text between tags, outputs, and everything in {@code {% … %}}. */
final class StatementParser {
    private static final Expression ALWAYS = new Expression.Literal(true);
    private static final Set<String> OTHER_FILES = Set.of("extends", "include", "import", "from", "block");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int loops;

    StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** The whole template. */
    List<Statement> template() {
        List<Statement> statements = until(Set.of(), "");
        if (tokens.peek().kind() != Token.Kind.END) {
            throw TemplateFault.error("'" + tokens.peekSecond().text() + "' ends a block that was never begun");
        }
        return statements;
    }

    /** Statements up to a block that begins with one of these names, whose {@code {%} is read and whose name is not. */
    private List<Statement> until(Set<String> ends, String opener) {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            switch (token.kind()) {
                case END -> {
                    if (!ends.isEmpty()) {
                        throw TemplateFault.error("'" + opener + "' is never ended");
                    }
                    tokens.leave();
                    return List.copyOf(statements);
                }
                case DATA -> {
                    tokens.next();
                    statements.add(new Statement.Text(token.line(), token.text()));
                }
                case OUTPUT_BEGIN -> {
                    tokens.next();
                    statements.add(new Statement.Output(token.line(), expressions.tuple(true)));
                    tokens.expect(Token.Kind.OUTPUT_END, "'}}'");
                }
                default -> {
                    String name = tokens.peekSecond().text();
                    if (isEnd(name)) {
                        if (ends.contains(name)) {
                            tokens.next();
                        } else if (!ends.isEmpty()) {
                            throw TemplateFault.error("'" + name + "' does not end '" + opener + "'");
                        }
                        tokens.leave();
                        return List.copyOf(statements);
                    }
                    tokens.next();
                    statements.add(block(token.line()));
                }
            }
        }
    }

    private static boolean isEnd(String name) {
        return name.startsWith("end") || name.equals("else") || name.equals("elif");
    }

    private Statement block(int line) {
        Token token = tokens.expect(Token.Kind.NAME, "the name of a statement");
        return switch (token.text()) {
            case "if" -> branches(line);
            case "for" -> loop(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "call" -> callBlock(line);
            case "filter" -> {
                Expression filters = expressions.blockFilters();
                yield new Statement.FilterBlock(line, filters, body("filter"));
            }
            case "with" -> with(line);
            // Marks what the assistant wrote, for training; the text is the same.
            case "generation" -> new Statement.Group(line, body("generation"));
            case "break" -> leaveLoop(new Statement.Break(line));
            case "continue" -> leaveLoop(new Statement.Continue(line));
            default ->
                throw TemplateFault.error(
                        OTHER_FILES.contains(token.text())
                                ? "'" + token.text() + "' needs other template files, and a chat template stands alone"
                                : "there is no statement '" + token.text() + "'");
        };
    }

    private Statement leaveLoop(Statement statement) {
        if (loops == 0) {
            throw TemplateFault.error("'break' and 'continue' only stand inside a loop");
        }
        endTag();
        return statement;
    }

    private void endTag() {
        tokens.expect(Token.Kind.BLOCK_END, "'%}'");
    }

    /** The end of a tag, then a body up to {@code end<name>} and the end of that tag. */
    private List<Statement> body(String name) {
        endTag();
        List<Statement> body = until(Set.of("end" + name), name);
        tokens.next();
        endTag();
        return body;
    }

    private Statement branches(int line) {
        List<Branch> branches = new ArrayList<>();
        Expression test = expressions.tuple(false);
        while (true) {
            endTag();
            boolean last = test == ALWAYS;
            List<Statement> body = until(last ? Set.of("endif") : Set.of("elif", "else", "endif"), "if");
            branches.add(new Branch(test, body));
            String end = tokens.next().text();
            if (end.equals("endif")) {
                endTag();
                return new Statement.If(line, List.copyOf(branches));
            }
            test = end.equals("else") ? ALWAYS : expressions.tuple(false);
        }
    }

    private Statement loop(int line) {
        Target target = targets(false);
        if (!tokens.skipName("in")) {
            throw TemplateFault.error("'in' was expected, and " + tokens.peek().describe() + " stands there");
        }
        Expression items = expressions.tuple(false);
        Optional<Expression> filter = tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        if (tokens.peek().isName("recursive")) {
            throw TemplateFault.error("recursive loops are not supported; use a macro that calls itself");
        }
        endTag();
        loops++;
        List<Statement> body = until(Set.of("else", "endfor"), "for");
        loops--;
        List<Statement> otherwise = List.of();
        if (tokens.next().isName("else")) {
            endTag();
            otherwise = until(Set.of("endfor"), "for");
            tokens.next();
        }
        endTag();
        return new Statement.For(line, target, items, filter, body, otherwise);
    }

    private Statement set(int line) {
        Target target = targets(true);
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple(true);
            endTag();
            return new Statement.Set(line, target, value);
        }
        Expression filters = tokens.skipOperator("|") ? expressions.blockFilters() : new Expression.BlockText();
        return new Statement.SetBlock(line, target, filters, body("set"));
    }

    private Target targets(boolean withNamespace) {
        List<Target> targets = new ArrayList<>(List.of(target(withNamespace)));
        boolean several = false;
        while (tokens.skipOperator(",")) {
            several = true;
            if (tokens.peek().kind() != Token.Kind.NAME && !tokens.peek().isOperator("(")) {
                break;
            }
            targets.add(target(withNamespace));
        }
        return several ? new Target.Several(List.copyOf(targets)) : targets.getFirst();
    }

    private Target target(boolean withNamespace) {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inner = targets(withNamespace);
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        String name = name("the name of a variable");
        if (withNamespace && tokens.skipOperator(".")) {
            return new Target.NamespaceAttribute(name, name("the name of an attribute"));
        }
        return new Target.Variable(name);
    }

    private String name(String what) {
        String name = tokens.expect(Token.Kind.NAME, what).text();
        return switch (name) {
            case "true", "True", "false", "False", "none", "None" ->
                throw TemplateFault.error("'" + name + "' is a constant and takes no value");
            default -> name;
        };
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.peek().kind() != Token.Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(target(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Statement.With(line, List.copyOf(targets), List.copyOf(values), body("with"));
    }

    private Statement macro(int line) {
        String name = name("the name of a macro");
        Signature signature = signature();
        return new Statement.Macro(line, name, signature, outsideLoops("macro"));
    }

    private Statement callBlock(int line) {
        Signature signature = tokens.peek().isOperator("(") ? signature() : new Signature(List.of(), List.of());
        Expression call = expressions.expression();
        if (!(call instanceof Expression.Call)) {
            throw TemplateFault.error("'call' is followed by no call");
        }
        return new Statement.CallBlock(line, signature, call, outsideLoops("call"));
    }

    /** A body that a loop around it does not reach into. */
    private List<Statement> outsideLoops(String name) {
        int around = loops;
        loops = 0;
        List<Statement> body = body(name);
        loops = around;
        return body;
    }

    private Signature signature() {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            parameters.add(name("the name of a parameter"));
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw TemplateFault.error("a parameter without a default follows one with a default");
            }
        }
        return new Signature(List.copyOf(parameters), List.copyOf(defaults));
    }
}
