package dev.slipway.engine.grammar.schema;

import static dev.slipway.engine.grammar.Expression.sequence;
import static dev.slipway.engine.grammar.Expression.text;

import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.Repeat;
import java.util.ArrayList;
import java.util.List;

/** Arrays: elements with a place of their own are always there, as far as the count allows; the rest follows. */
final class ArrayRules {
    private final SchemaCompiler compiler;

    ArrayRules(SchemaCompiler compiler) {
        this.compiler = compiler;
    }

    Expression of(Demand demand) {
        int least = demand.keyword("minItems").map(SchemaNode::count).orElse(0);
        int most = demand.keyword("maxItems").map(SchemaNode::count).orElse(Expression.UNLIMITED);
        if (most != Expression.UNLIMITED && most < least) {
            return Expression.NOTHING;
        }
        List<SchemaNode> prefix = demand.prefix();
        Expression item = demand.keyword("items").map(compiler::of).orElseGet(() -> {
            boolean closed = demand.keyword("unevaluatedItems")
                    .filter(SchemaNode::isFalse)
                    .isPresent();
            return closed || (!prefix.isEmpty() && prefix.size() >= least) ? Expression.NOTHING : compiler.any();
        });
        int placed = most == Expression.UNLIMITED ? prefix.size() : Math.min(prefix.size(), most);
        if (placed == 0) {
            return AnyJson.listed("[", item, least, most, "]");
        }
        List<Expression> parts = new ArrayList<>(List.of(text("[")));
        for (int i = 0; i < placed; i++) {
            if (i > 0) {
                parts.add(AnyJson.COMMA);
            }
            parts.add(compiler.of(prefix.get(i)));
        }
        int more = most == Expression.UNLIMITED ? most : most - placed;
        parts.add(new Repeat(sequence(AnyJson.COMMA, item), Math.max(0, least - placed), more));
        parts.add(text("]"));
        return new Expression.Sequence(parts);
    }
}
