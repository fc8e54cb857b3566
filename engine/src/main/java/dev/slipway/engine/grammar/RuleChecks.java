package dev.slipway.engine.grammar;

import dev.slipway.engine.grammar.Expression.Choice;
import dev.slipway.engine.grammar.Expression.One;
import dev.slipway.engine.grammar.Expression.Repeat;
import dev.slipway.engine.grammar.Expression.Rule;
import dev.slipway.engine.grammar.Expression.Sequence;
import dev.slipway.engine.grammar.Expression.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Refuses grammars that have no text, or that call themselves before any byte has come. */
final class RuleChecks {
    private final Rules rules;
    private final Distances distances;

    private RuleChecks(Rules rules, Distances distances) {
        this.rules = rules;
        this.distances = distances;
    }

    static void check(Rules rules, Distances distances) {
        RuleChecks checks = new RuleChecks(rules, distances);
        checks.allDefined();
        checks.noLeftRecursion();
        if (distances.ofRule(rules.root()) == Distances.NEVER) {
            throw GrammarFault.invalid(
                    "The rule '" + rules.root() + "' never comes to an end.", "Give it an alternative that ends.");
        }
    }

    private void allDefined() {
        if (!rules.rules().containsKey(rules.root())) {
            throw GrammarFault.invalid("The grammar has no rule '" + rules.root() + "'.", "Add it.");
        }
        rules.rules()
                .forEach((name, body) -> Distances.used(body).forEach(used -> {
                    if (!rules.rules().containsKey(used)) {
                        throw GrammarFault.invalid(
                                "The rule '" + name + "' refers to '" + used + "', which is not defined.",
                                "Define it.");
                    }
                }));
    }

    private void noLeftRecursion() {
        Map<String, List<String>> leftmost = new HashMap<>();
        rules.rules().forEach((name, body) -> {
            List<String> names = new ArrayList<>();
            leftmost(body, names);
            leftmost.put(name, names);
        });
        Set<String> done = new HashSet<>();
        for (String name : rules.rules().keySet()) {
            walk(name, leftmost, done);
        }
    }

    private static void walk(String start, Map<String, List<String>> leftmost, Set<String> done) {
        Deque<String> path = new ArrayDeque<>();
        Set<String> onPath = new HashSet<>();
        Deque<Deque<String>> open = new ArrayDeque<>();
        open.push(new ArrayDeque<>(List.of(start)));
        while (!open.isEmpty()) {
            if (open.getFirst().isEmpty()) {
                open.pop();
                if (!path.isEmpty()) {
                    String left = path.pop();
                    onPath.remove(left);
                    done.add(left);
                }
                continue;
            }
            String name = open.getFirst().pop();
            if (onPath.contains(name)) {
                throw GrammarFault.invalid(
                        "The rule '" + name + "' begins with itself.",
                        "Write the repetition behind what is repeated, or use * or +.");
            }
            if (!done.contains(name)) {
                path.push(name);
                onPath.add(name);
                open.push(new ArrayDeque<>(leftmost.getOrDefault(name, List.of())));
            }
        }
    }

    /** Collects the rules that may come first; answers whether the expression may be empty. */
    private boolean leftmost(Expression expression, List<String> names) {
        return switch (expression) {
            case Text(String text) -> text.isEmpty();
            case One _ -> false;
            case Sequence(List<Expression> parts) -> {
                for (Expression part : parts) {
                    if (!leftmost(part, names)) {
                        yield false;
                    }
                }
                yield true;
            }
            case Choice(List<Expression> parts) -> {
                boolean empty = false;
                for (Expression part : parts) {
                    empty |= leftmost(part, names);
                }
                yield empty;
            }
            case Repeat(Expression body, int min, int max) -> max == 0 || (leftmost(body, names) | min == 0);
            case Rule(String name) -> {
                names.add(name);
                yield distances.ofRule(name) == 0;
            }
        };
    }
}
