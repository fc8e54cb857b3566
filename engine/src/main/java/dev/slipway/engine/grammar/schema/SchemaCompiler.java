package dev.slipway.engine.grammar.schema;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.Rule;
import dev.slipway.engine.grammar.GrammarFault;
import dev.slipway.engine.grammar.Rules;
import dev.slipway.engine.grammar.Texts;
import dev.slipway.engine.grammar.Unit;
import dev.slipway.engine.grammar.UnitPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON schemas → rules whose every text is JSON that the schema accepts. Not every accepted document is written: see
 * {@code docs/models.md} for the form. What cannot be kept is refused, with its place in the schema.
 *
 * <p>One compiler may take several schemas and gives an expression for each; {@link #rules} then holds what they refer
 * to. Made for one thread.
 */
public final class SchemaCompiler {
    private static final int MOST_RULES = 20_000;
    private static final int DEEPEST = 150;
    private static final int LONGEST_PART = 1 << 21;
    private static final int MATCH = 5_000;
    private static final String ROOT = "root";

    private final Map<String, Expression> rules = new LinkedHashMap<>();
    private final Map<String, String> known = new HashMap<>();
    private final Effort effort = new Effort();
    private final UnitPool units = new UnitPool(Unit::json);
    private final Demands demands = new Demands(effort);
    private final ObjectRules objects = new ObjectRules(this);
    private final ArrayRules arrays = new ArrayRules(this);
    private final NumberRules numbers = new NumberRules(rules);
    private int names;
    private int documents;
    private int depth;

    /**
     * The grammar of a schema.
     *
     * @param schema as JSON text
     * @throws EngineException {@code engine.unsupported-schema} or {@code engine.invalid-schema} with the JSON pointer of
     *     the part, {@code engine.grammar-too-large}
     */
    public static Rules compile(String schema) {
        SchemaCompiler compiler = new SchemaCompiler();
        return compiler.rules(compiler.add(SchemaText.parse(schema)));
    }

    /** Any JSON object, by itself. */
    public static Rules anyObject() {
        SchemaCompiler compiler = new SchemaCompiler();
        return compiler.rules(AnyJson.object(compiler.rules));
    }

    /** The rules so far, beginning with an expression. */
    public Rules rules(Expression root) {
        Map<String, Expression> all = new LinkedHashMap<>(rules);
        all.put(ROOT, root);
        return new Rules(all, ROOT);
    }

    /** The texts of a schema that is given as a plain JSON value. */
    public Expression add(@Nullable Object schema) {
        SchemaNode root = new SchemaDocument(schema, documents++).root();
        Expression expression = of(root);
        if (!Texts.exist(rules(expression))) {
            throw SchemaFault.invalid(root.pointer(), "no value satisfies it");
        }
        return expression;
    }

    /** Arguments between tags, by the schema of all parameters. */
    Expression addTagged(Object schema) {
        return new TaggedArguments(this).of(new SchemaDocument(schema, documents++).root());
    }

    Effort effort() {
        return effort;
    }

    /** Characters as JSON strings hold them. */
    UnitPool units() {
        return units;
    }

    Expression any() {
        return AnyJson.value(rules);
    }

    String freshName() {
        return "part " + names++;
    }

    void put(String name, Expression expression) {
        if (rules.size() >= MOST_RULES) {
            throw GrammarFault.tooLarge("The JSON schema makes more than " + MOST_RULES + " rules.");
        }
        rules.put(name, expression);
    }

    /** Whether a text, written as JSON writes it in a string, belongs to an expression. */
    boolean matches(Expression expression, String text) {
        effort.spend(MATCH);
        String quoted = JsonValues.quote(text);
        return Texts.match(new Rules(Map.of(ROOT, expression), ROOT), quoted.substring(1, quoted.length() - 1));
    }

    /** The values of a schema; what stands in several places, or refers to itself, becomes a rule once. */
    Expression of(SchemaNode node) {
        if (node.isTrue()) {
            return any();
        }
        if (node.isFalse()) {
            return Expression.NOTHING;
        }
        Optional<SchemaNode> reference = Demands.onlyReference(node);
        if (reference.isPresent()) {
            SchemaNode target = node.document().resolve(reference.get());
            if (target.pointer().equals(node.pointer())) {
                throw SchemaFault.invalid(reference.get().pointer(), "the reference leads back to itself");
            }
            if (Demands.onlyReference(target).isEmpty()) {
                return of(target);
            }
        }
        String key = node.document().number() + " " + written(node);
        String name = known.get(key);
        if (name == null) {
            name = freshName();
            known.put(key, name);
            if (++depth > DEEPEST) {
                throw SchemaFault.unsupported(node.pointer(), "schemas nested more than " + DEEPEST + " deep");
            }
            Expression expression = alternatives(node);
            depth--;
            put(name, expression);
            if (expression.equals(Expression.NOTHING)) {
                return expression;
            }
        }
        return new Rule(name);
    }

    private String written(SchemaNode node) {
        String text = JsonValues.write(node.value(), LONGEST_PART);
        effort.spend(Effort.STEP + text.length() / Effort.STEP);
        return text;
    }

    private Expression alternatives(SchemaNode node) {
        List<Expression> ways = new ArrayList<>();
        for (Demand demand : demands.of(node)) {
            Expression way = of(demand);
            if (!ways.contains(way) && !way.equals(Expression.NOTHING)) {
                ways.add(way);
            }
        }
        return Expression.choice(ways);
    }

    private Expression of(Demand demand) {
        List<@Nullable Object> values = demand.values();
        if (values != null) {
            List<String> texts = new ArrayList<>();
            for (Object value : values) {
                if (demand.admits(value)) {
                    texts.add(JsonValues.write(value));
                }
            }
            return Expression.oneOf(texts.stream().distinct().toList());
        }
        List<Expression> ways = new ArrayList<>();
        for (JsonType type : demand.writtenTypes()) {
            Expression way = switch (type) {
                case STRING -> StringRules.of(demand, units);
                case NUMBER -> numbers.of(demand, false);
                case INTEGER -> numbers.of(demand, true);
                case BOOLEAN -> AnyJson.BOOLEAN;
                case NULL -> AnyJson.NULL;
                case ARRAY -> arrays.of(demand);
                case OBJECT -> objects.of(demand);
            };
            if (!way.equals(Expression.NOTHING)) {
                ways.add(way);
            }
        }
        return Expression.choice(ways);
    }
}
