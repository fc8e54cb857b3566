package dev.slipway.engine.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a template computes. */
sealed interface Expression {
    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListLiteral(List<Expression> items) implements Expression {}

    record TupleLiteral(List<Expression> items) implements Expression {}

    record DictLiteral(List<Expression> keys, List<Expression> values) implements Expression {}

    record Attribute(Expression target, String name) implements Expression {}

    record Item(Expression target, Expression key) implements Expression {}

    record Slice(Expression target, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step)
            implements Expression {}

    record Call(Expression target, Arguments arguments) implements Expression {}

    record FilterCall(Expression target, String filter, Arguments arguments) implements Expression {}

    record TestCall(Expression target, String test, Arguments arguments) implements Expression {}

    record Not(Expression operand) implements Expression {}

    record Sign(boolean negative, Expression operand) implements Expression {}

    record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

    record Concatenation(List<Expression> parts) implements Expression {}

    /** {@code a < b <= c}: operators and what follows each. */
    record Comparison(Expression first, List<String> operators, List<Expression> rest) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Conditional(Expression test, Expression then, Optional<Expression> otherwise) implements Expression {}

    /** The placeholder in a chain of filters over a block's text. */
    record BlockText() implements Expression {}

    /** What is handed to a call, a filter or a test. */
    record Arguments(
            List<Expression> positional,
            Map<String, Expression> named,
            Optional<Expression> spread,
            Optional<Expression> namedSpread) {
        static final Arguments NONE = new Arguments(List.of(), Map.of(), Optional.empty(), Optional.empty());
    }
}
