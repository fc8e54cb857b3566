package dev.slipway.engine.grammar.schema;

import static dev.slipway.engine.grammar.Expression.sequence;
import static dev.slipway.engine.grammar.Expression.text;

import dev.slipway.engine.grammar.CodePoints;
import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.One;
import dev.slipway.engine.grammar.Unit;
import dev.slipway.engine.grammar.UnitPool;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Arguments between tags, as Qwen3-Coder writes them: strings without quotes, everything else as JSON. Strings hold no
 * {@code <}, which might begin a tag.
 */
final class TaggedArguments {
    private static final CodePoints CONTENT = CodePoints.of("<").not();

    private final SchemaCompiler compiler;
    private final Demands demands;
    private final UnitPool units = new UnitPool(points -> Unit.of(points.and(CONTENT)));

    TaggedArguments(SchemaCompiler compiler) {
        this.compiler = compiler;
        this.demands = new Demands(compiler.effort());
    }

    Expression of(SchemaNode schema) {
        List<Demand> ways = demands.of(schema);
        if (ways.size() != 1) {
            throw SchemaFault.unsupported(schema.pointer(), "alternatives for all parameters, in tagged calls");
        }
        Demand demand = ways.getFirst();
        Set<String> required =
                Set.copyOf(demand.keyword("required").map(SchemaNode::texts).orElse(List.of()));
        List<Expression> parts = new ArrayList<>();
        demand.properties().forEach((name, value) -> {
            Expression part = sequence(text("<parameter=" + name + ">\n"), value(value), text("\n</parameter>\n"));
            parts.add(required.contains(name) ? part : Expression.optional(part));
        });
        return new Expression.Sequence(parts);
    }

    private Expression value(SchemaNode schema) {
        List<Expression> ways = new ArrayList<>();
        for (Demand demand : demands.of(schema)) {
            Set<JsonType> types = demand.writtenTypes();
            if (!types.contains(JsonType.STRING)) {
                return compiler.of(schema);
            }
            if (!types.equals(EnumSet.of(JsonType.STRING)) && demand.values() == null) {
                // Readers take what looks like JSON for JSON where a string is not the only type.
                return compiler.of(schema);
            }
            ways.add(string(demand));
        }
        return Expression.choice(ways);
    }

    private Expression string(Demand demand) {
        List<@Nullable Object> values = demand.values();
        if (values != null) {
            return Expression.oneOf(values.stream()
                    .filter(demand::admits)
                    .map(value -> value instanceof String text ? text : JsonValues.write(value))
                    .filter(text -> text.indexOf('<') < 0)
                    .toList());
        }
        return StringRules.content(demand, units, new One(Unit.of(CONTENT)));
    }
}
