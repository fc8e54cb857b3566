package dev.slipway.engine;

import dev.slipway.engine.grammar.AnswerRules;
import dev.slipway.engine.grammar.GbnfParser;
import dev.slipway.engine.grammar.Grammars;
import dev.slipway.engine.grammar.Rules;
import dev.slipway.engine.grammar.TokenGrammar;
import dev.slipway.engine.grammar.schema.SchemaCompiler;
import dev.slipway.engine.grammar.schema.ToolCallRules;
import dev.slipway.engine.template.ChatTemplate.Rendered;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tool.AnswerForm;
import dev.slipway.engine.tool.CallMarkup;
import dev.slipway.engine.tool.Thinking;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the grammar that an answer keeps to, out of what a request asks for and how the model writes. */
final class Constraints {
    private final Grammars grammars;
    private final AnswerForm answers;

    Constraints(Tokenizer tokenizer, AnswerForm answers) {
        this.grammars = new Grammars(tokenizer);
        this.answers = answers;
    }

    /** For an answer to a text as it stands. */
    TokenGrammar ofText(Constraint constraint) {
        return switch (constraint) {
            case Constraint.None _ -> TokenGrammar.ANY;
            case Constraint.ToolCalls _ -> throw noTools();
            case Constraint.JsonObject _, Constraint.JsonSchema _, Constraint.Gbnf _ ->
                grammars.compile(constraint.toString(), () -> rules(constraint));
        };
    }

    /**
     * For an answer to a conversation: a thinking section may come first, and where tools are offered, calls may come in
     * place of JSON.
     */
    TokenGrammar ofChat(Constraint constraint, Prompt.Chat chat, Rendered rendered) {
        if (constraint.equals(Constraint.NONE)) {
            return TokenGrammar.ANY;
        }
        Optional<Thinking> begun = answers.begunThinking(rendered);
        boolean json = constraint instanceof Constraint.JsonObject || constraint instanceof Constraint.JsonSchema;
        boolean calls =
                json && !chat.tools().isEmpty() && answers.tools().markup().isPresent();
        boolean withTools = calls || constraint instanceof Constraint.ToolCalls;
        String key = constraint + " " + begun + (withTools ? " " + chat.tools() : "");
        return grammars.compile(key, () -> {
            Rules body = constraint instanceof Constraint.ToolCalls(String name, boolean parallel)
                    ? calls(chat.tools(), name, parallel)
                    : rules(constraint);
            Rules whole = calls ? AnswerRules.either(body, calls(chat.tools(), "", true)) : body;
            return thinkingFirst(begun, whole);
        });
    }

    private Rules thinkingFirst(Optional<Thinking> begun, Rules rules) {
        if (begun.isPresent()) {
            return AnswerRules.behind(begun.get().close(), rules);
        }
        Rules whole = rules;
        for (Thinking way : answers.thinking()) {
            // Channels are made of control tokens, which no grammar lets through.
            if (way != Thinking.CHANNELS) {
                whole = AnswerRules.maybeBehind(way.open(), way.close(), whole, rules);
            }
        }
        return whole;
    }

    private static Rules rules(Constraint constraint) {
        return switch (constraint) {
            case Constraint.JsonObject _ -> SchemaCompiler.anyObject();
            case Constraint.JsonSchema(String schema) -> SchemaCompiler.compile(schema);
            case Constraint.Gbnf(String grammar) -> GbnfParser.parse(grammar);
            case Constraint.None _, Constraint.ToolCalls _ -> throw new IllegalStateException("no rules of its own");
        };
    }

    private Rules calls(List<Map<String, Object>> tools, String name, boolean parallel) {
        if (tools.isEmpty()) {
            throw noTools();
        }
        CallMarkup markup = answers.tools()
                .markup()
                .orElseThrow(() -> EngineException.invalid(
                        "engine.no-tool-form",
                        "A tool call is required, but the model shows no form of writing one.",
                        "Load it with the option tool_parser, or use a model that was made for tools."));
        return ToolCallRules.of(markup, tools, name, parallel);
    }

    private static EngineException noTools() {
        return EngineException.invalid(
                "engine.invalid-request",
                "A tool call is required, but the request offers no tools.",
                "Offer some, or leave the tool choice out.");
    }
}
