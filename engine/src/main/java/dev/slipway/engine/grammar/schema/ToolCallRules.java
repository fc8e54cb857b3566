package dev.slipway.engine.grammar.schema;

import static dev.slipway.engine.grammar.Expression.sequence;
import static dev.slipway.engine.grammar.Expression.text;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.Repeat;
import dev.slipway.engine.grammar.Rules;
import dev.slipway.engine.tool.CallMarkup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The grammar of tool calls, each in the model's own form with arguments by the tool's schema. */
public final class ToolCallRules {
    private ToolCallRules() {}

    /**
     * Makes the grammar.
     *
     * @param tools definitions in the OpenAI shape, as plain JSON values
     * @param only the one function that may be called; empty for any
     * @param several whether more than one call may come
     * @throws EngineException {@code engine.unsupported-schema} and others as {@link SchemaCompiler#compile};
     *     {@code engine.invalid-request} when there is no such function
     */
    public static Rules of(CallMarkup markup, List<Map<String, Object>> tools, String only, boolean several) {
        SchemaCompiler compiler = new SchemaCompiler();
        List<Expression> calls = new ArrayList<>();
        for (Map<String, Object> tool : tools) {
            Map<?, ?> function = tool.get("function") instanceof Map<?, ?> inner ? inner : tool;
            if (function.get("name") instanceof String name && (only.isEmpty() || only.equals(name))) {
                calls.add(call(compiler, markup, name, function.get("parameters")));
            }
        }
        if (calls.isEmpty()) {
            throw EngineException.invalid(
                    "engine.invalid-request",
                    "The function '" + only + "' is to be called, but it is not among the tools.",
                    "Name one of the tools.");
        }
        Expression one = Expression.choice(calls);
        Expression more = new Repeat(sequence(text(markup.between()), one), 0, Expression.UNLIMITED);
        return compiler.rules(
                sequence(text(markup.start()), one, several ? more : Expression.EMPTY, text(markup.end())));
    }

    private static Expression call(
            SchemaCompiler compiler, CallMarkup markup, String name, @Nullable Object parameters) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        if (parameters instanceof Map<?, ?> given) {
            given.forEach((key, value) -> schema.put(String.valueOf(key), value));
        }
        schema.putIfAbsent("type", "object");
        String quoted = JsonValues.quote(name);
        return sequence(
                text(markup.beforeName()),
                text(markup.tagged() ? name : quoted.substring(1, quoted.length() - 1)),
                text(markup.afterName()),
                markup.tagged() ? compiler.addTagged(schema) : compiler.add(schema),
                text(markup.afterCall()));
    }
}
