package dev.slipway.engine.grammar;

import dev.slipway.engine.grammar.Expression.Choice;
import dev.slipway.engine.grammar.Expression.One;
import dev.slipway.engine.grammar.Expression.Repeat;
import dev.slipway.engine.grammar.Expression.Rule;
import dev.slipway.engine.grammar.Expression.Sequence;
import dev.slipway.engine.grammar.Expression.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How many bytes the shortest text of each rule and expression has. */
final class Distances {
    /** There is no text at all. */
    static final int NEVER = 1 << 29;

    private static final long MOST_STEPS = 20_000_000;

    private final Map<String, Integer> shortest = new HashMap<>();
    private long steps;

    Distances(Rules rules) {
        Map<String, Set<String>> users = new HashMap<>();
        rules.rules()
                .forEach((name, body) -> used(body)
                        .forEach(used -> users.computeIfAbsent(used, _ -> new LinkedHashSet<>())
                                .add(name)));
        Deque<String> queue = new ArrayDeque<>(rules.rules().keySet());
        Set<String> queued = new LinkedHashSet<>(queue);
        while (!queue.isEmpty()) {
            String name = queue.removeLast();
            queued.remove(name);
            int bytes = of(rules.body(name));
            if (bytes < ofRule(name)) {
                shortest.put(name, bytes);
                for (String user : users.getOrDefault(name, Set.of())) {
                    if (queued.add(user)) {
                        queue.addLast(user);
                    }
                }
            }
        }
    }

    int ofRule(String name) {
        return shortest.getOrDefault(name, NEVER);
    }

    /** Bytes of the shortest text, or {@link #NEVER}. */
    int of(Expression expression) {
        if (++steps > MOST_STEPS) {
            throw GrammarFault.tooLarge("The rules of the grammar refer to each other in too many ways.");
        }
        return switch (expression) {
            case Text(String text) -> text.getBytes(StandardCharsets.UTF_8).length;
            case One(Unit unit) -> unit.fewestBytes();
            case Sequence(List<Expression> parts) -> {
                int sum = 0;
                for (Expression part : parts) {
                    sum = plus(sum, of(part));
                }
                yield sum;
            }
            case Choice(List<Expression> parts) -> {
                int least = NEVER;
                for (Expression part : parts) {
                    least = Math.min(least, of(part));
                }
                yield least;
            }
            case Repeat(Expression body, int min, int _) -> min == 0 ? 0 : times(of(body), min);
            case Rule(String name) -> ofRule(name);
        };
    }

    static int plus(int a, int b) {
        return Math.min(NEVER, a + b);
    }

    static int times(int bytes, int count) {
        return (int) Math.min(NEVER, (long) bytes * count);
    }

    /** Names of the rules that an expression refers to. */
    static List<String> used(Expression expression) {
        List<String> names = new ArrayList<>();
        Deque<Expression> open = new ArrayDeque<>(List.of(expression));
        while (!open.isEmpty()) {
            switch (open.removeLast()) {
                case Rule(String name) -> names.add(name);
                case Sequence(List<Expression> parts) -> open.addAll(parts);
                case Choice(List<Expression> parts) -> open.addAll(parts);
                case Repeat(Expression body, int _, int _) -> open.add(body);
                case Text _, One _ -> {}
            }
        }
        return names;
    }
}
