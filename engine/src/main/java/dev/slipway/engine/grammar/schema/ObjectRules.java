package dev.slipway.engine.grammar.schema;

import static dev.slipway.engine.grammar.Expression.choice;
import static dev.slipway.engine.grammar.Expression.sequence;
import static dev.slipway.engine.grammar.Expression.text;

import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.Repeat;
import dev.slipway.engine.grammar.Expression.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Objects: the named members in the order in which the schema names them, each at most once, then members of other
 * names where the schema speaks of them, or where it names none.
 */
final class ObjectRules {
    private static final int MOST_RULES = 20_000;

    private final SchemaCompiler compiler;

    ObjectRules(SchemaCompiler compiler) {
        this.compiler = compiler;
    }

    Expression of(Demand demand) {
        Set<String> required =
                new HashSet<>(demand.keyword("required").map(SchemaNode::texts).orElse(List.of()));
        Map<String, SchemaNode> members = new LinkedHashMap<>(demand.properties());
        demand.keyword("required").ifPresent(names -> {
            for (SchemaNode name : names.elements()) {
                members.computeIfAbsent(name.text(), _ -> unnamed(demand, name));
            }
        });
        int least = demand.keyword("minProperties").map(SchemaNode::count).orElse(0);
        int most = demand.keyword("maxProperties").map(SchemaNode::count).orElse(Expression.UNLIMITED);
        Expression extra = extra(demand, members.keySet());
        if (members.isEmpty() && least <= 1) {
            return AnyJson.listed("{", extra, least, most, "}");
        }
        return new Layout(compiler.freshName(), List.copyOf(pairs(members, required)), extra, least, most, demand)
                .whole();
    }

    /** The schema of a member that is required and not named among the properties. */
    private static SchemaNode unnamed(Demand demand, SchemaNode name) {
        if (demand.keyword("patternProperties").isPresent()) {
            throw SchemaFault.unsupported(
                    name.pointer(), "a required property beside patternProperties that names it not");
        }
        boolean closed = closed(demand);
        return demand.keyword("additionalProperties")
                .orElseGet(() -> new SchemaNode(!closed, name.pointer(), name.document()));
    }

    private static boolean closed(Demand demand) {
        return demand.keyword("unevaluatedProperties")
                .filter(SchemaNode::isFalse)
                .isPresent();
    }

    /** A member with its name. */
    private record Pair(Expression text, boolean required) {}

    private List<Pair> pairs(Map<String, SchemaNode> members, Set<String> required) {
        List<Pair> pairs = new ArrayList<>();
        members.forEach((name, schema) -> {
            Expression value = compiler.of(schema);
            boolean needed = required.contains(name);
            if (needed || !value.equals(Expression.NOTHING)) {
                pairs.add(new Pair(sequence(text(JsonValues.quote(name)), AnyJson.COLON, value), needed));
            }
        });
        return pairs;
    }

    /** A member of another name, or nothing where there shall be none. */
    private Expression extra(Demand demand, Set<String> names) {
        Optional<SchemaNode> patterns = demand.keyword("patternProperties");
        Optional<SchemaNode> other = demand.keyword("additionalProperties");
        Optional<SchemaNode> keys = demand.keyword("propertyNames");
        if (patterns.isPresent() && !patterns.get().members().isEmpty()) {
            if (keys.isPresent()) {
                throw SchemaFault.unsupported(keys.get().pointer(), "propertyNames beside patternProperties");
            }
            return ofPattern(patterns.get(), names);
        }
        boolean free = demand.properties().isEmpty() && !closed(demand);
        if (other.isPresent() ? other.get().isFalse() : !free) {
            return Expression.NOTHING;
        }
        Expression value = other.map(compiler::of).orElseGet(compiler::any);
        if (keys.isPresent() && !names.isEmpty()) {
            throw SchemaFault.unsupported(keys.get().pointer(), "propertyNames beside named properties");
        }
        Expression key = keys.map(this::key).orElseGet(() -> new OtherNames(names).quoted());
        return sequence(key, AnyJson.COLON, value);
    }

    private Expression key(SchemaNode schema) {
        SchemaNode string = schema.child("", Map.of("type", "string"));
        return compiler.of(new SchemaNode(schema.value(), schema.pointer(), schema.document()).and(string));
    }

    private Expression ofPattern(SchemaNode patterns, Set<String> names) {
        Map<String, SchemaNode> members = patterns.members();
        if (members.size() > 1) {
            throw SchemaFault.unsupported(patterns.pointer(), "more than one of patternProperties");
        }
        Map.Entry<String, SchemaNode> only = members.entrySet().iterator().next();
        String pointer = only.getValue().pointer();
        Expression key = Regex.parse(only.getKey(), pointer, compiler.units());
        for (String name : names) {
            if (compiler.matches(key, name)) {
                throw SchemaFault.unsupported(pointer, "a pattern that the named property '" + name + "' matches, too");
            }
        }
        return sequence(text("\""), key, text("\""), AnyJson.COLON, compiler.of(only.getValue()));
    }

    /** Writes members in order, counting them as far as a limit asks for it. */
    private final class Layout {
        private final String name;
        private final List<Pair> pairs;
        private final Expression extra;
        private final int least;
        private final int most;
        private final int highest;

        Layout(String name, List<Pair> pairs, Expression extra, int least, int most, Demand demand) {
            this.name = name;
            this.pairs = pairs;
            this.extra = extra;
            this.least = least;
            this.most = most;
            int counted = Math.min(Math.max(least, 1), pairs.size() + 1);
            this.highest = most == Expression.UNLIMITED ? counted : Math.min(Math.max(most, counted), pairs.size() + 1);
            if ((long) pairs.size() * (highest + 1) > MOST_RULES) {
                throw SchemaFault.unsupported(
                        demand.pointer(), "minProperties or maxProperties with so many properties");
            }
            if (least > pairs.size() + 1) {
                throw SchemaFault.unsupported(
                        demand.keyword("minProperties").map(SchemaNode::pointer).orElse(demand.pointer()),
                        "more than one property of no given name, whose names would have to differ");
            }
        }

        Expression whole() {
            for (int at = pairs.size(); at >= 0; at--) {
                for (int count = 0; count <= Math.min(at, highest); count++) {
                    compiler.put(rule(at, count), rest(at, count));
                }
            }
            return sequence(text("{"), new Rule(rule(0, 0)), text("}"));
        }

        private String rule(int at, int count) {
            return name + " from " + at + " after " + count;
        }

        /** What follows when so many members have been written and those from a place on are left. */
        private Expression rest(int at, int count) {
            if (at == pairs.size()) {
                return extras(count);
            }
            Pair pair = pairs.get(at);
            List<Expression> ways = new ArrayList<>();
            boolean room = most == Expression.UNLIMITED || count < most;
            if (room) {
                Expression written = count == 0 ? pair.text : sequence(AnyJson.COMMA, pair.text);
                ways.add(sequence(written, new Rule(rule(at + 1, Math.min(count + 1, highest)))));
            }
            if (!pair.required) {
                ways.add(new Rule(rule(at + 1, count)));
            }
            return choice(ways);
        }

        private Expression extras(int count) {
            int needed = Math.max(0, least - count);
            if (needed > 1) {
                return Expression.NOTHING;
            }
            int room = most == Expression.UNLIMITED ? most : Math.max(0, most - count);
            return count == 0
                    ? AnyJson.commaSeparated(extra, needed, room)
                    : new Repeat(sequence(AnyJson.COMMA, extra), needed, room);
        }
    }
}
