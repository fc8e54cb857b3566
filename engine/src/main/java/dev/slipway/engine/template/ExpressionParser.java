package dev.slipway.engine.template;

import dev.slipway.engine.template.Expression.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads expressions, with Jinja's precedence: ternary, or, and, not, comparison, + -, ~, * / // %, **, sign, filters. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    Expression expression() {
        tokens.enter();
        Expression result = conditional();
        tokens.leave();
        return result;
    }

    /** An expression, or several with commas between them, which make a tuple. */
    Expression tuple(boolean withConditional) {
        tokens.enter();
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while (!endsTuple()) {
            items.add(withConditional ? conditional() : or());
            comma = tokens.skipOperator(",");
            if (!comma) {
                break;
            }
        }
        tokens.leave();
        if (items.isEmpty()) {
            throw TemplateFault.error(
                    "an expression was expected, and " + tokens.peek().describe() + " stands there");
        }
        return items.size() == 1 && !comma ? items.getFirst() : new Expression.TupleLiteral(List.copyOf(items));
    }

    private boolean endsTuple() {
        Token token = tokens.peek();
        return token.kind() == Token.Kind.BLOCK_END || token.kind() == Token.Kind.OUTPUT_END || token.isOperator(")");
    }

    private Expression conditional() {
        Expression result = or();
        while (tokens.skipName("if")) {
            Expression test = or();
            Optional<Expression> otherwise = tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
            result = new Expression.Conditional(test, result, otherwise);
        }
        return result;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (tokens.skipName("not")) {
            tokens.enter();
            Expression operand = not();
            tokens.leave();
            return new Expression.Not(operand);
        }
        return comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> rest = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                tokens.next();
                operators.add(token.text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (token.isName("not") && tokens.peekSecond().isName("in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                break;
            }
            rest.add(sum());
        }
        return operators.isEmpty()
                ? first
                : new Expression.Comparison(first, List.copyOf(operators), List.copyOf(rest));
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
            left = new Expression.Arithmetic(tokens.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.peek().isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(List.copyOf(parts));
    }

    private Expression product() {
        Expression left = power();
        while (tokens.peek().isOperator("*")
                || tokens.peek().isOperator("/")
                || tokens.peek().isOperator("//")
                || tokens.peek().isOperator("%")) {
            left = new Expression.Arithmetic(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.peek().isOperator("**")) {
            left = new Expression.Arithmetic(tokens.next().text(), left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression result;
        if (tokens.peek().isOperator("-") || tokens.peek().isOperator("+")) {
            boolean negative = tokens.next().isOperator("-");
            tokens.enter();
            result = new Expression.Sign(negative, unary(false));
            tokens.leave();
        } else {
            result = primary();
        }
        result = postfix(result);
        return withFilters ? filters(result) : result;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> strings(token);
            case INTEGER -> new Expression.Literal(Numbers.parseInteger(token.text()));
            case FLOAT -> new Expression.Literal(Double.valueOf(token.text()));
            case OPERATOR -> bracketed(token);
            default ->
                throw TemplateFault.error("an expression was expected, and " + token.describe() + " stands there");
        };
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(None.NONE);
            default -> new Expression.Name(name);
        };
    }

    /** Strings that stand side by side are one. */
    private Expression strings(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (tokens.peek().kind() == Token.Kind.STRING) {
            text.append(tokens.next().text());
        }
        return new Expression.Literal(Text.written(text.toString()));
    }

    private Expression bracketed(Token token) {
        return switch (token.text()) {
            case "(" -> {
                Expression inner = tokens.peek().isOperator(")") ? new Expression.TupleLiteral(List.of()) : tuple(true);
                tokens.expectOperator(")");
                yield inner;
            }
            case "[" -> list();
            case "{" -> dict();
            default ->
                throw TemplateFault.error("an expression was expected, and " + token.describe() + " stands there");
        };
    }

    private Expression list() {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("]")) {
                    break;
                }
            }
            items.add(expression());
        }
        return new Expression.ListLiteral(List.copyOf(items));
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
        }
        return new Expression.DictLiteral(List.copyOf(keys), List.copyOf(values));
    }

    private Expression postfix(Expression start) {
        Expression result = start;
        while (true) {
            if (tokens.skipOperator(".")) {
                Token token = tokens.next();
                result = switch (token.kind()) {
                    case NAME -> new Expression.Attribute(result, token.text());
                    case INTEGER ->
                        new Expression.Item(result, new Expression.Literal(Numbers.parseInteger(token.text())));
                    default ->
                        throw TemplateFault.error(
                                "a name was expected after '.', and " + token.describe() + " stands there");
                };
            } else if (tokens.skipOperator("[")) {
                result = subscript(result);
            } else if (tokens.skipOperator("(")) {
                result = new Expression.Call(result, arguments());
            } else {
                return result;
            }
        }
    }

    private Expression subscript(Expression target) {
        Optional<Expression> start = Optional.empty();
        if (!tokens.peek().isOperator(":")) {
            start = Optional.of(expression());
            if (tokens.skipOperator("]")) {
                return new Expression.Item(target, start.orElseThrow());
            }
        }
        tokens.expectOperator(":");
        Optional<Expression> stop = slicePart();
        Optional<Expression> step = tokens.skipOperator(":") ? slicePart() : Optional.empty();
        tokens.expectOperator("]");
        return new Expression.Slice(target, start, stop, step);
    }

    private Optional<Expression> slicePart() {
        boolean absent = tokens.peek().isOperator(":") || tokens.peek().isOperator("]");
        return absent ? Optional.empty() : Optional.of(expression());
    }

    /** What follows an opening parenthesis, up to the closing one. */
    private Arguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Optional<Expression> spread = Optional.empty();
        Optional<Expression> namedSpread = Optional.empty();
        boolean first = true;
        while (!tokens.skipOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.skipOperator("*")) {
                spread = Optional.of(expression());
            } else if (tokens.skipOperator("**")) {
                namedSpread = Optional.of(expression());
            } else if (tokens.peek().kind() == Token.Kind.NAME
                    && tokens.peekSecond().isOperator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw TemplateFault.error("an argument without a name follows one with a name");
            }
        }
        return new Arguments(List.copyOf(positional), named, spread, namedSpread);
    }

    /** Filters and tests after an operand, and calls and subscripts of what they give. */
    Expression filters(Expression start) {
        Expression result = start;
        while (true) {
            if (tokens.skipOperator("|")) {
                result = filter(result);
            } else if (tokens.skipName("is")) {
                result = test(result);
            } else if (tokens.skipOperator("(")) {
                result = new Expression.Call(result, arguments());
            } else {
                return result;
            }
        }
    }

    /** A chain of filters over the text of a block, with or without a first {@code |}. */
    Expression blockFilters() {
        return filters(filter(new Expression.BlockText()));
    }

    private Expression filter(Expression target) {
        String name = dotted("the name of a filter");
        Arguments arguments = tokens.skipOperator("(") ? arguments() : Arguments.NONE;
        return new Expression.FilterCall(target, name, arguments);
    }

    private Expression test(Expression target) {
        boolean negated = tokens.skipName("not");
        String name = dotted("the name of a test");
        Arguments arguments = Arguments.NONE;
        if (tokens.skipOperator("(")) {
            arguments = arguments();
        } else if (beginsTestArgument()) {
            if (tokens.peek().isName("is")) {
                throw TemplateFault.error("two tests follow one another; put the first in parentheses");
            }
            arguments = new Arguments(List.of(postfix(primary())), Map.of(), Optional.empty(), Optional.empty());
        }
        Expression result = new Expression.TestCall(target, name, arguments);
        return negated ? new Expression.Not(result) : result;
    }

    private boolean beginsTestArgument() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            case NAME ->
                !token.isName("else")
                        && !token.isName("or")
                        && !token.isName("and")
                        && !token.isName("if")
                        && !token.isName("in")
                        && !token.isName("not");
            default -> false;
        };
    }

    private String dotted(String what) {
        StringBuilder name =
                new StringBuilder(tokens.expect(Token.Kind.NAME, what).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Token.Kind.NAME, what).text());
        }
        return name.toString();
    }
}
