package dev.slipway.engine.template;

import dev.slipway.engine.template.Statement.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs statements. One per rendering. */
final class Interpreter {
    private final Budget budget;
    private final Evaluator evaluator;
    private int line = 1;

    /** How a statement ended. */
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    Interpreter(Budget budget) {
        this.budget = budget;
        evaluator = new Evaluator(budget);
    }

    /** The line of the statement at hand, for errors. */
    int line() {
        return line;
    }

    Text run(List<Statement> template, Scope scope) {
        Text.Builder out = new Text.Builder();
        all(template, scope, out);
        return out.build();
    }

    private Flow all(List<Statement> statements, Scope scope, Text.Builder out) {
        for (Statement statement : statements) {
            budget.enter();
            line = statement.line();
            Flow flow = one(statement, scope, out);
            budget.leave();
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow one(Statement statement, Scope scope, Text.Builder out) {
        switch (statement) {
            case Statement.Text text -> write(Text.written(text.text()), out);
            case Statement.Output output -> write(PythonText.text(evaluator.evaluate(output.value(), scope)), out);
            case Statement.If branches -> {
                return branch(branches, scope, out);
            }
            case Statement.For loop -> loop(loop, scope, out);
            case Statement.Set set -> assign(set.target(), evaluator.evaluate(set.value(), scope), scope);
            case Statement.SetBlock set ->
                assign(set.target(), filtered(set.filters(), body(set.body(), new Scope(scope)), scope), scope);
            case Statement.FilterBlock block ->
                write(PythonText.text(filtered(block.filters(), body(block.body(), new Scope(scope)), scope)), out);
            case Statement.With with -> {
                return with(with, scope, out);
            }
            case Statement.Macro macro -> scope.put(macro.name(), macro(macro.signature(), macro.body(), scope));
            case Statement.CallBlock call -> callBlock(call, scope, out);
            case Statement.Group group -> {
                return all(group.body(), scope, out);
            }
            case Statement.Break leave -> {
                return Flow.BREAK;
            }
            case Statement.Continue leave -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private void write(Text text, Text.Builder out) {
        budget.charge(text.length());
        if (out.length() + text.length() > Limits.MAX_OUTPUT) {
            throw TemplateFault.limit("its output is longer than " + Limits.MAX_OUTPUT + " characters");
        }
        out.append(text);
    }

    private Text body(List<Statement> statements, Scope scope) {
        Text.Builder out = new Text.Builder();
        all(statements, scope, out);
        return out.build();
    }

    private Object filtered(Expression filters, Text text, Scope scope) {
        Scope inner = new Scope(scope);
        inner.put(Evaluator.BLOCK_TEXT, text);
        return evaluator.evaluate(filters, inner);
    }

    private Flow branch(Statement.If branches, Scope scope, Text.Builder out) {
        for (Statement.Branch branch : branches.branches()) {
            if (evaluator.truth(branch.test(), scope)) {
                return all(branch.body(), scope, out);
            }
        }
        return Flow.ON;
    }

    private void loop(Statement.For loop, Scope scope, Text.Builder out) {
        List<Object> items = Types.items(evaluator.evaluate(loop.items(), scope));
        budget.chargeItems(items.size());
        if (loop.filter().isPresent()) {
            List<Object> kept = new ArrayList<>();
            for (Object item : items) {
                Scope inner = new Scope(scope);
                assign(loop.target(), item, inner);
                if (evaluator.truth(loop.filter().get(), inner)) {
                    kept.add(item);
                }
            }
            items = kept;
        }
        LoopState state = new LoopState(items);
        for (int i = 0; i < items.size(); i++) {
            budget.step();
            state.moveTo(i);
            Scope inner = new Scope(scope);
            inner.put("loop", state);
            assign(loop.target(), items.get(i), inner);
            Flow flow = all(loop.body(), inner, out);
            if (flow == Flow.BREAK) {
                break;
            }
        }
        if (items.isEmpty()) {
            all(loop.otherwise(), new Scope(scope), out);
        }
    }

    private void assign(Target target, Object value, Scope scope) {
        switch (target) {
            case Target.Variable variable -> scope.put(variable.name(), value);
            case Target.NamespaceAttribute attribute -> {
                if (!(scope.get(attribute.namespace()) instanceof Namespace namespace)) {
                    throw TemplateFault.error("'" + attribute.namespace() + "' is no namespace, so that its attribute '"
                            + attribute.attribute() + "' cannot be set");
                }
                namespace.put(attribute.attribute(), value);
            }
            case Target.Several several -> {
                List<Object> items = Types.items(value);
                if (items.size() != several.targets().size()) {
                    throw TemplateFault.error(
                            several.targets().size() + " names cannot take " + items.size() + " values");
                }
                for (int i = 0; i < items.size(); i++) {
                    assign(several.targets().get(i), items.get(i), scope);
                }
            }
        }
    }

    private Flow with(Statement.With with, Scope scope, Text.Builder out) {
        Scope inner = new Scope(scope);
        for (int i = 0; i < with.targets().size(); i++) {
            assign(with.targets().get(i), evaluator.evaluate(with.values().get(i), scope), inner);
        }
        return all(with.body(), inner, out);
    }

    private void callBlock(Statement.CallBlock block, Scope scope, Text.Builder out) {
        Expression.Call call = (Expression.Call) block.call();
        Map<String, Expression> named = new LinkedHashMap<>(call.arguments().named());
        named.put("caller", new Expression.Literal(macro(block.signature(), block.body(), scope)));
        Expression.Arguments arguments = new Expression.Arguments(
                call.arguments().positional(),
                named,
                call.arguments().spread(),
                call.arguments().namedSpread());
        write(PythonText.text(evaluator.evaluate(new Expression.Call(call.target(), arguments), scope)), out);
    }

    private Function macro(Statement.Signature signature, List<Statement> body, Scope around) {
        return values -> {
            int callLine = line;
            Scope scope = new Scope(around);
            bind(signature, values, scope);
            Text text = body(body, scope);
            line = callLine;
            return text;
        };
    }

    private void bind(Statement.Signature signature, CallValues values, Scope scope) {
        List<String> parameters = signature.parameters();
        Map<String, Object> named = new LinkedHashMap<>(values.named());
        int given = Math.min(parameters.size(), values.positional().size());
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            int fromDefaults = i - (parameters.size() - signature.defaults().size());
            Object value;
            if (i < given) {
                value = values.positional().get(i);
            } else if (named.containsKey(parameter)) {
                value = named.get(parameter);
                named.remove(parameter);
            } else if (fromDefaults >= 0) {
                value = evaluator.evaluate(signature.defaults().get(fromDefaults), scope);
            } else {
                value = new Undefined("parameter '" + parameter + "' was not provided");
            }
            scope.put(parameter, value);
        }
        Object caller = named.remove("caller");
        if (caller != null) {
            scope.put("caller", caller);
        }
        scope.put(
                "varargs",
                new Tuple(List.copyOf(
                        values.positional().subList(given, values.positional().size()))));
        scope.put("kwargs", CallValues.keyed(named));
    }
}
