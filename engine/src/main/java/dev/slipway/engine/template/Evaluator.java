package dev.slipway.engine.template;

import dev.slipway.engine.template.Expression.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes expressions. */
final class Evaluator {
    /** The name that the text of a block has while filters run over it; no template can write it. */
    static final String BLOCK_TEXT = "|";

    private final Budget budget;
    private final Comparisons comparisons;
    private final Filters filters;
    private final Tests tests;
    private final Members members;

    Evaluator(Budget budget) {
        this.budget = budget;
        comparisons = new Comparisons(budget);
        members = new Members(budget, comparisons);
        tests = new Tests(comparisons);
        filters = new Filters(budget, comparisons, tests, members);
    }

    Object evaluate(Expression expression, Scope scope) {
        budget.enter();
        Object value = Text.value(compute(expression, scope));
        budget.leave();
        return value;
    }

    boolean truth(Expression expression, Scope scope) {
        return Types.truth(evaluate(expression, scope));
    }

    private Object compute(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.BlockText text -> scope.get(BLOCK_TEXT);
            case Expression.ListLiteral list -> all(list.items(), scope);
            case Expression.TupleLiteral tuple -> new Tuple(all(tuple.items(), scope));
            case Expression.DictLiteral dict -> dictionary(dict, scope);
            case Expression.Attribute attribute ->
                members.attribute(evaluate(attribute.target(), scope), attribute.name());
            case Expression.Item item -> members.item(evaluate(item.target(), scope), evaluate(item.key(), scope));
            case Expression.Slice slice -> slice(slice, scope);
            case Expression.Call call -> call(call, scope);
            case Expression.FilterCall filter ->
                filters.apply(
                        filter.filter(),
                        evaluate(filter.target(), scope),
                        values("the filter '" + filter.filter() + "'", filter.arguments(), scope));
            case Expression.TestCall test ->
                tests.holds(
                        test.test(),
                        evaluate(test.target(), scope),
                        values("the test '" + test.test() + "'", test.arguments(), scope));
            case Expression.Not not -> !truth(not.operand(), scope);
            case Expression.Sign sign -> sign(sign, scope);
            case Expression.Arithmetic arithmetic ->
                arithmetic(
                        arithmetic.operator(), evaluate(arithmetic.left(), scope), evaluate(arithmetic.right(), scope));
            case Expression.Concatenation concatenation -> concatenate(concatenation, scope);
            case Expression.Comparison comparison -> compare(comparison, scope);
            case Expression.And and -> {
                Object left = evaluate(and.left(), scope);
                yield Types.truth(left) ? evaluate(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                Object left = evaluate(or.left(), scope);
                yield Types.truth(left) ? left : evaluate(or.right(), scope);
            }
            case Expression.Conditional conditional -> conditional(conditional, scope);
        };
    }

    private List<Object> all(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return values;
    }

    private Object dictionary(Expression.DictLiteral dict, Scope scope) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < dict.keys().size(); i++) {
            map.put(
                    Types.key(evaluate(dict.keys().get(i), scope)),
                    evaluate(dict.values().get(i), scope));
        }
        return map;
    }

    private Object conditional(Expression.Conditional conditional, Scope scope) {
        if (truth(conditional.test(), scope)) {
            return evaluate(conditional.then(), scope);
        }
        return conditional.otherwise().isPresent()
                ? evaluate(conditional.otherwise().get(), scope)
                : new Undefined("the condition of an 'if' without 'else' is false");
    }

    private Object slice(Expression.Slice slice, Scope scope) {
        Object target = evaluate(slice.target(), scope);
        return members.slice(
                target, bound(slice.start(), scope), bound(slice.stop(), scope), bound(slice.step(), scope));
    }

    private Object bound(Optional<Expression> part, Scope scope) {
        return part.isPresent() ? evaluate(part.get(), scope) : None.NONE;
    }

    private boolean compare(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (int i = 0; i < comparison.rest().size(); i++) {
            Object right = evaluate(comparison.rest().get(i), scope);
            if (!comparisons.holds(comparison.operators().get(i), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object concatenate(Expression.Concatenation concatenation, Scope scope) {
        Text.Builder text = new Text.Builder();
        for (Expression part : concatenation.parts()) {
            text.append(PythonText.text(evaluate(part, scope)));
        }
        return budget.charged(text.build());
    }

    private Object sign(Expression.Sign sign, Scope scope) {
        Object value = evaluate(sign.operand(), scope);
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (!Comparisons.isNumber(value)) {
            throw TemplateFault.error("a value of type " + Types.name(value) + " has no sign");
        }
        return sign.negative() ? Numbers.negate(value) : Numbers.calculate("+", value, 0L);
    }

    private Object arithmetic(String operator, Object left, Object right) {
        for (Object side : List.of(left, right)) {
            if (side instanceof Undefined undefined) {
                throw undefined.fault();
            }
        }
        if (Comparisons.isNumber(left) && Comparisons.isNumber(right)) {
            return Numbers.calculate(operator, left, right);
        }
        if (operator.equals("+")) {
            return Sequences.add(left, right, budget);
        }
        if (operator.equals("*")) {
            return Sequences.repeat(left, right, budget);
        }
        if (operator.equals("%") && left instanceof Text format) {
            return budget.charged(PercentFormat.format(format, right, budget));
        }
        throw TemplateFault.error("'" + operator + "' does not go with values of types " + Types.name(left) + " and "
                + Types.name(right));
    }

    private Object call(Expression.Call call, Scope scope) {
        Object target = evaluate(call.target(), scope);
        if (target instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (!(target instanceof Function function)) {
            throw TemplateFault.error("a value of type " + Types.name(target) + " cannot be called");
        }
        return function.call(values(describe(call.target()), call.arguments(), scope));
    }

    private static String describe(Expression target) {
        return switch (target) {
            case Expression.Name name -> "'" + name.name() + "'";
            case Expression.Attribute attribute -> "'" + attribute.name() + "'";
            default -> "what is called";
        };
    }

    private CallValues values(String callee, Arguments arguments, Scope scope) {
        if (arguments == Arguments.NONE) {
            return new CallValues(callee, List.of(), Map.of());
        }
        List<Object> positional = all(arguments.positional(), scope);
        arguments.spread().ifPresent(spread -> positional.addAll(Types.items(evaluate(spread, scope))));
        Map<String, Object> named = new LinkedHashMap<>();
        arguments.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
        arguments.namedSpread().ifPresent(spread -> {
            if (!(evaluate(spread, scope) instanceof Map<?, ?> map)) {
                throw TemplateFault.error("what follows '**' is no dictionary");
            }
            map.forEach((name, value) -> named.put(PythonText.str(name), value));
        });
        return new CallValues(callee, positional, named);
    }
}
