package dev.slipway.engine.grammar;

import dev.slipway.engine.grammar.Expression.Choice;
import dev.slipway.engine.grammar.Expression.One;
import dev.slipway.engine.grammar.Expression.Repeat;
import dev.slipway.engine.grammar.Expression.Rule;
import dev.slipway.engine.grammar.Expression.Sequence;
import dev.slipway.engine.grammar.Expression.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Rules → nodes, each built after what follows it. */
final class ProgramBuilder {
    private static final int MOST_NODES = 200_000;
    /** A character set that comes this often in a row is worth a table of the tokens that consist of it. */
    private static final int OFTEN = 8;

    private final Rules rules;
    private final Distances distances;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Integer> bytesToEnd = new ArrayList<>();
    private final Map<Unit, Unit> units = new LinkedHashMap<>();
    private final Set<Unit> loops = new LinkedHashSet<>();
    private final ByteClasses classes = new ByteClasses();

    ProgramBuilder(Rules rules) {
        this.rules = rules;
        this.distances = new Distances(rules);
    }

    Program build() {
        RuleChecks.check(rules, distances);
        rules.rules().keySet().forEach(name -> numbers.put(name, numbers.size()));
        add(new Node.End(), 0);
        int[] starts = new int[numbers.size()];
        rules.rules().forEach((name, body) -> starts[number(name)] = build(body, Node.END_OF_RULE));
        noteSimpleLoops(starts);
        units.values().forEach(classes::split);
        return new Program(
                nodes.toArray(Node[]::new),
                bytesToEnd.stream().mapToInt(Integer::intValue).toArray(),
                starts,
                number(rules.root()),
                classes.table(),
                classes.examples(),
                List.copyOf(loops));
    }

    private int number(String rule) {
        return Objects.requireNonNull(numbers.get(rule), rule);
    }

    private int add(Node node, int bytes) {
        if (nodes.size() >= MOST_NODES) {
            throw GrammarFault.tooLarge("The grammar has more than " + MOST_NODES + " parts.");
        }
        nodes.add(node);
        bytesToEnd.add(bytes);
        return nodes.size() - 1;
    }

    /** Builds an expression that goes on at a node; answers where it begins. */
    private int build(Expression expression, int next) {
        int after = bytesToEnd.get(next);
        return switch (expression) {
            case Text(String text) -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                classes.splitEach(bytes);
                yield bytes.length == 0
                        ? next
                        : add(new Node.Literal(bytes, next), Distances.plus(bytes.length, after));
            }
            case One(Unit unit) -> loop(unit, 1, 1, next);
            case Sequence(List<Expression> parts) -> {
                int start = next;
                for (Expression part : parts.reversed()) {
                    start = build(part, start);
                }
                yield start;
            }
            case Choice(List<Expression> parts) -> {
                // An alternative that never ends would be a trap.
                int[] targets = parts.stream()
                        .filter(part -> distances.of(part) < Distances.NEVER)
                        .mapToInt(part -> build(part, next))
                        .toArray();
                int bytes = Distances.NEVER;
                for (int target : targets) {
                    bytes = Math.min(bytes, bytesToEnd.get(target));
                }
                yield targets.length == 1 ? targets[0] : add(new Node.Split(targets), bytes);
            }
            case Repeat(One(Unit unit), int min, int max)
            when max != 0 && unit.fewestBytes() < Distances.NEVER -> loop(unit, min, max, next);
            case Repeat repeat -> {
                boolean never = repeat.max() == 0 || distances.of(repeat.body()) == Distances.NEVER;
                yield never ? next : repeated(repeat, next);
            }
            case Rule(String name) ->
                add(new Node.Call(number(name), next), Distances.plus(distances.ofRule(name), after));
        };
    }

    private int loop(Unit found, int min, int max, int next) {
        Unit unit = units.computeIfAbsent(found, one -> one);
        if (max == Expression.UNLIMITED || max >= OFTEN) {
            loops.add(unit);
        }
        int bytes = Distances.plus(Distances.times(unit.fewestBytes(), min), bytesToEnd.get(next));
        return add(new Node.Loop(unit, min, max, next), bytes);
    }

    private int repeated(Repeat repeat, int next) {
        int body = build(repeat.body(), Node.END_OF_RULE);
        int bodyBytes = distances.of(repeat.body());
        // A body that may be empty makes every count below the limit possible.
        int min = bodyBytes == 0 ? 0 : repeat.min();
        int bytes = Distances.plus(Distances.times(bodyBytes, min), bytesToEnd.get(next));
        return add(new Node.Repeated(body, min, repeat.max(), next, bodyBytes, new HashSet<>()), bytes);
    }

    /** Finds the repeated parts that may be a single character, as strings with escapes are often written. */
    private void noteSimpleLoops(int[] starts) {
        for (Node node : nodes) {
            if (node instanceof Node.Repeated repeated) {
                boolean often = repeated.max() == Expression.UNLIMITED || repeated.max() >= OFTEN;
                noteSimpleLoops(repeated.body(), starts, repeated.simpleLoops(), new HashSet<>(), often);
            }
        }
    }

    private void noteSimpleLoops(int start, int[] starts, Set<Integer> found, Set<Integer> seen, boolean often) {
        List<Integer> open = new ArrayList<>(List.of(start));
        while (!open.isEmpty() && seen.size() < 64) {
            int at = open.removeLast();
            if (!seen.add(at)) {
                continue;
            }
            switch (nodes.get(at)) {
                case Node.Split(int[] targets) -> {
                    for (int target : targets) {
                        open.add(target);
                    }
                }
                case Node.Call(int rule, int next) when next == Node.END_OF_RULE -> open.add(starts[rule]);
                case Node.Loop(Unit unit, int min, int max, int next)
                when next == Node.END_OF_RULE && min == 1 && max == 1 -> {
                    found.add(at);
                    if (often) {
                        loops.add(unit);
                    }
                }
                case Node.Call _, Node.Loop _, Node.Literal _, Node.Repeated _, Node.End _ -> {}
            }
        }
    }
}
